import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../src/stack/project.ts';
import { BORDERS, trespasses } from './support/borders.ts';
import { findCycle, readSource, readSources, type SourceFile } from './support/source-graph.ts';

/** Far above what one idea needs; whoever reaches it has two. */
const MAX_LINES = 400;
/** The only file that may speak to the terminal directly and end the process. */
const MAIN = 'src/cli/main.ts';

const sources = readSources();

/** The sentences about all files that break a rule; none is what a test wants. */
function complaints(complain: (file: SourceFile) => string | undefined): readonly string[] {
  return sources.flatMap((file) => complain(file) ?? []);
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(join(PROJECT_ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
}

describe('the layers', () => {
  test('import only what tools/layers.mjs allows', () => {
    expect(sources.flatMap(trespasses)).toEqual([]);
  });

  test('have no import cycle', () => {
    expect(findCycle(sources)?.join(' -> ')).toBeUndefined();
  });

  test('are the folders of src, and the other way round', () => {
    const layers = [...BORDERS.keys()].filter((layer) => layer.startsWith('src/'));
    const folders = foldersIn('src').map((name) => `src/${name}`);
    expect(folders.sort()).toEqual(layers.sort());
  });

  test('are all named in ARCHITECTURE.md, like every top-level folder', () => {
    const page = readFileSync(join(PROJECT_ROOT, 'ARCHITECTURE.md'), 'utf8');
    const folders = [...foldersIn('.'), ...BORDERS.keys()];
    expect(folders.filter((name) => !page.includes(`\`${name}\``) && !page.includes(`\`${name}/`))).toEqual(
      [],
    );
  });
});

describe('the sources', () => {
  test('read the environment in src/config only', () => {
    const found = complaints(({ path, globals, imports }) =>
      !path.startsWith('src/config/') &&
      (globals.has('process.env') || imports.some(({ specifier }) => specifier === 'node:process'))
        ? `${path} reads process.env: take what it needs from src/config.`
        : undefined,
    );
    expect(found).toEqual([]);
  });

  test('neither use console nor end the process outside the main file', () => {
    const found = complaints(({ path, globals }) => {
      if (path === MAIN) return undefined;
      if (globals.has('console')) {
        return `${path} uses console: write through src/observe or the output it was given.`;
      }
      if (globals.has('process.exit')) {
        return `${path} ends the process: throw, and let ${MAIN} choose the exit code.`;
      }
      return undefined;
    });
    expect(found).toEqual([]);
  });

  test('have one idea per file', () => {
    const found = complaints(({ path, lines }) =>
      lines > MAX_LINES ? `${path} has ${lines} lines: give its second idea a file of its own.` : undefined,
    );
    expect(found).toEqual([]);
  });

  test('export by name', () => {
    const found = complaints(({ path, hasDefaultExport }) =>
      hasDefaultExport ? `${path} has a default export: export it by name.` : undefined,
    );
    expect(found).toEqual([]);
  });
});

describe('a trespass is seen', () => {
  const read = (path: string, text: string): readonly string[] => trespasses(readSource(path, text));

  test.each([
    ['a value of a closed layer', 'src/model/a.ts', `import { x } from '../store/x.ts';`],
    ['a type of a closed layer', 'src/model/a.ts', `import type { X } from '../store/x.ts';`],
    ['a value where only types are open', 'workflows/a.ts', `import { x } from '../activities/x.ts';`],
    [
      'a file whose neighbour only is open',
      'src/control/a.ts',
      `import { x } from '../../workflows/engine.ts';`,
    ],
    ['a re-export', 'src/veeam/a.ts', `export { x } from '../model/x.ts';`],
    ['a package', 'src/model/a.ts', `import { z } from 'zod';`],
    ['a module of Node', 'workflows/a.ts', `import { hash } from 'node:crypto';`],
    ['a module of Node in disguise', 'src/cli/a.ts', `import { join } from 'path';`],
    ['what must be lazy', 'src/cli/a.ts', `import { x } from '../stack/x.ts';`],
    ['what lies in no layer', 'src/cli/a.ts', `import { x } from '../../tools/x.ts';`],
    ['a file in no layer', 'src/new/a.ts', ''],
  ])('%s', (_what, path, text) => {
    expect(read(path, text)).toEqual([expect.stringContaining(path)]);
  });

  test.each([
    ['types where types are open', 'workflows/a.ts', `import type { X } from '../activities/x.ts';`],
    [
      'the open file of a closed layer',
      'src/control/a.ts',
      `import { x } from '../../workflows/messages.ts';`,
    ],
    ['a lazy import', 'src/cli/a.ts', `const load = () => import('../stack/x.ts');`],
    ['types of observe', 'src/model/a.ts', `import type { Logger } from '../observe/logger.ts';`],
  ])('and %s are none', (_what, path, text) => {
    expect(read(path, text)).toEqual([]);
  });

  test('a cycle is named whole', () => {
    const files = [
      readSource('src/a/a.ts', `import { b } from './b.ts';`),
      readSource('src/a/b.ts', `export { a } from './a.ts';`),
    ];
    expect(findCycle(files)).toEqual(['src/a/a.ts', 'src/a/b.ts', 'src/a/a.ts']);
  });
});
