import { readFile } from 'node:fs/promises';
import { inject, describe, expect, test } from 'vitest';

/**
 * What a worker loads into the sandbox, and again for each replay: 1,165 KB when this was measured with the whole
 * language and all rules for people, most of it Temporal's own code (510 KB) and the expression language. A few percent on
 * top are room to grow; a parser would need a fifth.
 */
const MAX_BUNDLE_BYTES = 1_240_000;

/** Everything else in the bundle would be loaded by every run, and may do what a replay does differently. */
const PACKAGES = [
  '@marcbachmann/cel-js',
  '@temporalio/common',
  '@temporalio/workflow',
  // Dependencies of Temporal's own.
  'long',
  'ms',
  'nexus-rpc',
];
const FORBIDDEN = [
  'zod',
  'yaml',
  'undici',
  '@temporalio/client',
  '@temporalio/activity',
  '@temporalio/worker',
];

const code = withoutSourceMap(await readFile(inject('workflowBundlePath'), 'utf8'));
/** As webpack heads each module: `!*** ./workflows/index.ts ***!`. */
const modules = [...code.matchAll(/^ {2}!\*\*\* (\S+)/gm)].map(([, name = '']) => name);
const packages = new Set(modules.flatMap((name) => packageOf(name) ?? []));
const own = modules.filter((name) => name.startsWith('./') && packageOf(name) === undefined);

function withoutSourceMap(text: string): string {
  const start = text.lastIndexOf('//# sourceMappingURL=');
  return start === -1 ? text : text.slice(0, start);
}

function packageOf(module: string): string | undefined {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules\/)/.exec(module) ?? [];
  return name;
}

describe('the workflow bundle', () => {
  test('stays small', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  test.each(FORBIDDEN)('has no %s in it', (name) => {
    expect(packages).not.toContain(name);
  });

  test('holds the packages of the sandbox and no other', () => {
    expect([...packages].sort()).toEqual(PACKAGES);
  });

  test('holds workflows and the model, and no other layer', () => {
    const foreign = own.filter((name) => !/^\.\/(workflows|src\/model)\//.test(name));
    expect(own).toContain('./workflows/index.ts');
    expect(foreign).toEqual([]);
  });
});
