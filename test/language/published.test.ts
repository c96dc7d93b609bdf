import { describe, expect, it } from 'vitest';
import { checkStart } from '../../src/language/index.ts';
import type { Mode } from '../../src/model/runbook.ts';
import { compiled, RULES } from './support.ts';

const runbook = compiled('apiVersion: muster/v1\nname: a\nsteps: [{ id: b, wait: 1s }]\n');

function codes(mode: Mode, published: ReadonlyMap<string, string> | undefined): string[] {
  const rules = published === undefined ? RULES : { ...RULES, published };
  const { diagnostics } = checkStart({ runbook, mode, inputs: {}, digest: 'now', rulesFor: () => rules });
  return diagnostics.map(({ code }) => code);
}

describe('where only published runbooks run live', () => {
  it('a published one does', () => {
    expect(codes('live', new Map([['a', 'now']]))).toEqual([]);
  });

  it('one that has changed since does not', () => {
    expect(codes('live', new Map([['a', 'before']]))).toEqual(['NOT_PUBLISHED']);
  });

  it('one that nobody has published does not', () => {
    expect(codes('live', new Map())).toEqual(['NOT_PUBLISHED']);
  });

  it('a draft may be drilled', () => {
    expect(codes('drill', new Map())).toEqual([]);
  });
});

it('without a lock every runbook may run live', () => {
  expect(codes('live', undefined)).toEqual([]);
});
