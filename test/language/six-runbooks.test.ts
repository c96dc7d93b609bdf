import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileRunbook, readRunbookFile } from '../../src/language/index.ts';
import { isJsonObject, type Json } from '../../src/model/json.ts';

/** What a runbook of everyday use may cost its reader. */
const MAX_LINES = 60;
/** `inputs.plan`, `steps.find.output.backupIds` */
const PATH = /^[A-Za-z]\w*(\.\w+)*$/;
/** `!output.failed.exists(vm, vm.isCritical)`: of a list, by one path of its items. */
const EXISTS = /^!?[A-Za-z]\w*(\.\w+)*\.exists\((\w+), \2(\.\w+)+\)$/;

const RUNBOOKS = [
  ['a quarterly drill with clean-up', 'dr-drill'],
  ['an approved failover with checks in three tiers', 'three-tier-failover'],
  ['a planned failback with a window and a sign-off', 'failback-planned'],
  ['tokens for many agents', 'agent-tokens'],
  ['the daily readiness with restore points and alarms', 'readiness'],
  ['a cyber restore', 'cyber-restore'],
] as const;

async function shipped(name: string): Promise<string> {
  const { text } = await readRunbookFile(new URL(`../../runbooks/${name}.yaml`, import.meta.url).pathname);
  return text;
}

/** Every expression of a runbook: those in templates, and those that stand bare under `if` and `check`. */
function expressionsOf(value: Json, key = ''): string[] {
  if (typeof value === 'string') {
    if (key === 'if' || key === 'check') return [value];
    return [...value.matchAll(/\$\{\{(.+?)\}\}/g)].map(([, source = '']) => source.trim());
  }
  if (Array.isArray(value)) return value.flatMap((item: Json) => expressionsOf(item));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => expressionsOf(item, name));
}

describe.each(RUNBOOKS)('%s', (_, name) => {
  test('fits on one page', async () => {
    const lines = (await shipped(name)).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });

  test('asks of its author no more than paths and one `exists`', async () => {
    const others = expressionsOf(parse(await shipped(name)) as Json).filter((source) => !PATH.test(source));
    expect(others.filter((source) => !EXISTS.test(source))).toEqual([]);
    expect(others.length).toBeLessThanOrEqual(1);
  });

  test('is accepted without a warning', async () => {
    expect(compileRunbook({ text: await shipped(name), file: `${name}.yaml` }).diagnostics).toEqual([]);
  });
});

test('a comparison counts as more than a path', () => {
  const step = { check: 'a.b == 1', with: { x: '${{ a.b + 1 }}', y: '${{ a.b }}' } };
  expect(expressionsOf(step).filter((source) => !PATH.test(source))).toEqual(['a.b == 1', 'a.b + 1']);
});
