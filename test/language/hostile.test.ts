import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Parser } from 'yaml';
import { Reporter } from '../../src/language/diagnostics.ts';
import { compileRunbook } from '../../src/language/index.ts';
import { SourceText } from '../../src/language/source-text.ts';
import { guard } from '../../src/language/yaml/guard.ts';
import { measuringStalls } from './stalls.ts';
import { brief, errorsOf, HEAD, withSteps } from './support.ts';

const KB = 1024;
const stalling = measuringStalls('hostile texts');

const BILLION_LAUGHS = ['a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]']
  .concat(
    'bcdefghi'.split('').map(
      (name, index) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefgh'[index] ?? ''}`)
          .join(',')}]`,
    ),
  )
  .join('\n');

const HOSTILE: readonly (readonly [name: string, text: string, expected: string])[] = [
  ['5,000 open brackets', '['.repeat(5_000), 'DEPTH 1:33'],
  ['5,000 closed pairs of brackets', '['.repeat(2_000) + ']'.repeat(2_000), 'DEPTH 1:33'],
  ['50,000 open maps', '{a: '.repeat(50_000), 'DEPTH 1:129'],
  ['nested dashes', '- '.repeat(3_000), 'DEPTH 1:65'],
  ['nested questions', '? '.repeat(3_000), 'KEY 1:1'],
  ['questions below each other', ':: ? ?\n'.repeat(500), 'KEY 1:4'],
  ['colons in a row inside brackets', `{ ${'a: '.repeat(500)}`, 'SYNTAX 1:7'],
  ['values side by side', '"a":- a:\n'.repeat(500), 'SYNTAX 1:4'],
  ['quotes side by side', `a: ${'"x\n""y": '.repeat(500)}`, 'SYNTAX 2:3'],
  ['brackets that close nothing', '}: '.repeat(500), 'SYNTAX 1:1'],
  ['dashes inside brackets', `[ ${'- '.repeat(500)}`, 'SYNTAX 1:3'],
  ['dashes behind brackets that a line ends', `a: [\n${'- '.repeat(500)}`, 'SYNTAX 2:1'],
  ['nested empty keys', ': '.repeat(3_000), 'KEY 1:1'],
  [
    'deep indentation',
    Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'DEPTH 33:33',
  ],
  [
    'brackets below deep indentation',
    Array.from({ length: 20 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n') + ` ${'['.repeat(20)}`,
    'DEPTH 20:35',
  ],
  [
    '3,000 levels of indentation',
    Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'SIZE 1:1',
  ],
  ['a megabyte of text', `a: "${'x'.repeat(KB * KB)}"`, 'SIZE 1:1'],
  ['a file that is too large', 'a'.repeat(256 * KB + 1), 'SIZE 1:1'],
  ['a file too large in bytes only', 'é'.repeat(200 * KB), 'SIZE 1:1'],
  ['500,000 open brackets', '['.repeat(500_000), 'SIZE 1:1'],
  ['the billion laughs', BILLION_LAUGHS, 'ALIAS 1:4'],
  ['150 aliases of one scalar', `a: &a x\nb: [${Array(150).fill('*a').join(', ')}]`, 'ALIAS 1:4'],
  [
    '40,000 keys',
    Array.from({ length: 40_000 }, (_, i) => `k${i}:`)
      .join('\n')
      .slice(0, 250 * KB),
    'COUNT 10001:1',
  ],
  ['40,000 keys, whole', Array.from({ length: 40_000 }, (_, i) => `key${i}:`).join('\n'), 'SIZE 1:1'],
  [
    '40,000 values in few lines',
    `a: [${Array.from({ length: 100 }, () => '1,'.repeat(400)).join('\n ')}]`,
    'COUNT 50:799',
  ],
  ['20,000 anchors', Array.from({ length: 20_000 }, (_, i) => `k${i}: &a${i} x`).join('\n'), 'SIZE 1:1'],
  ['9,000 anchors', Array.from({ length: 9_000 }, (_, i) => `k${i}: &a${i} x`).join('\n'), 'ALIAS 1:5'],
  ['a tag that names code', 'a: !!js/function "function(){}"', 'TAG 1:4'],
  ['a tag of another language', 'a: !!python/object/apply:os.system [ls]', 'TAG 1:4'],
  ['a tag of a pattern', 'a: !!js/regexp /(a+)+$/', 'TAG 1:4'],
  ['a tag of YAML itself', 'a: !!binary aGk=', 'TAG 1:4'],
  ['a map in order', 'a: !!omap [x: 1]', 'TAG 1:4'],
  ['a set', 'a: !!set { x }', 'TAG 1:4'],
  ['a timestamp', 'a: !!timestamp 2001-12-14', 'TAG 1:4'],
  ['a prototype that is merged in', 'a: &a { __proto__: { x: 1 } }\nb: { <<: *a }', 'ALIAS 1:4'],
  ['a tag on a key', '!x a: b', 'TAG 1:1'],
  ['two documents', 'a: b\n---\nc: d', 'MULTI 2:1'],
  ['text behind the end of the document', 'a: b\n...\nc: d', 'MULTI 3:1'],
  ['a YAML directive', '%YAML 1.1\n---\na: yes', 'DIRECTIVE 1:1'],
  ['a NUL character', 'a: b\0', 'CONTROL 1:5'],
  ['an escape sequence for terminals', 'a: \u001b]0;x\u0007', 'CONTROL 1:4'],
  ['text that is shown in another order', 'a: "\u202eevil"', 'CONTROL 1:5'],
  ['half a surrogate pair', 'a: \ud800', 'CONTROL 1:4'],
  ['a lone carriage return', 'a: b\rc: d', 'CONTROL 1:5'],
  ['a very long line', `a: ${'x'.repeat(9_000)}`, 'LENGTH 1:8001'],
  ['a very long text', `a: |\n${'  xxxxxxxxx\n'.repeat(2_000)}`, 'LENGTH 2:1'],
];

describe('text that the YAML parser must never see', () => {
  it.each(HOSTILE)('refuses %s', (_, text, expected) => {
    expect(stalling(() => errorsOf(text))[0]).toBe(expected);
  });

  it('survives every hostile document twenty times in a row, in a process of its own', () => {
    const door = new URL('../../src/language/index.ts', import.meta.url).href;
    const script = `
      import { compileRunbook } from ${JSON.stringify(door)};
      const texts = JSON.parse(await new Response(process.stdin).text());
      let refused = 0;
      for (let round = 0; round < 20; round += 1) {
        for (const text of texts) refused += compileRunbook({ text, file: 'x' }).runbook === undefined ? 1 : 0;
      }
      console.log('alive', refused);`;
    const texts = HOSTILE.map(([, text]) => text);
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      {
        input: JSON.stringify(texts),
        encoding: 'utf8',
      },
    );
    expect(output.trim()).toBe(`alive ${texts.length * 20}`);
  });

  it.each([
    [
      'an unquoted negation',
      '- { id: a, if: !x, wait: 1s }',
      'TAG 6:16',
      'Quote it: a value that begins with ! is a tag in YAML.',
    ],
    [
      'an unquoted star',
      '- { id: a, if: *x, wait: 1s }',
      'ALIAS 6:16',
      'Quote it: a value that begins with * is an alias in YAML.',
    ],
  ])('says how to write %s', (_, step, expected, hint) => {
    const { diagnostics } = compileRunbook({ text: withSteps(step), file: 'test.yaml' });
    expect(brief(diagnostics)).toEqual([expected]);
    expect(diagnostics[0]?.hint).toBe(hint);
  });

  it.each([
    ['quotes', `- { id: a, title: "&x *y !z %w [[[[ {{{{ --- ...", wait: 1s }`],
    ['single quotes', `- { id: a, title: '&x *y !z [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[', wait: 1s }`],
    ['comments', `# &x *y !z ${'['.repeat(100)}\n- { id: a, wait: 1s } # --- !x &y`],
    ['block texts', `- id: a\n  title: |\n    &x *y !z ${'['.repeat(50)}\n    --- a: b\n  wait: 1s`],
    ['plain texts', '- id: a\n  title: a & b * c ! d --- e\n  wait: 1s'],
  ])('is not fooled by what stands in %s', (_, steps) => {
    expect(errorsOf(withSteps(steps))).toEqual([]);
  });

  it('reads a long runbook that is none of this', () => {
    const steps = Array.from(
      { length: 1_000 },
      (_, i) => `  - id: s${i}\n    title: Step ${i}\n    wait: 1s`,
    ).join('\n');
    expect(errorsOf(withSteps(steps))).toEqual([]);
  });

  it('stops listing problems when there are too many', () => {
    const { diagnostics } = compileRunbook({ text: HEAD + '- { x: 1 }\n'.repeat(500), file: 'test.yaml' });
    expect(diagnostics.at(-1)?.code).toBe('TOO_MANY');
    expect(diagnostics.length).toBeLessThanOrEqual(101);
  });
});

describe('text that nobody thought of', () => {
  const SIGNS = '[ ] { } , : - ? | > # " \' a'
    .split(' ')
    .concat(': ', '- ', '? ', '\n', '\n ', ' ', 'a: ', '- a:\n', '"x\n"', 'a: |\n x\n', '[]');
  const pattern = fc
    .array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 6 })
    .map((signs) => signs.join(''));

  it('never nests deeper in the parser than the guard saw', () => {
    fc.assert(
      fc.property(pattern, pattern, pattern, (before, repeated, after) => {
        const source = new SourceText(before + repeated.repeat(150) + after);
        if (!guard(source, new Reporter(source, 'test.yaml'))) return;
        for (const token of new Parser().parse(source.text)) expect(depthOf(token)).toBeLessThan(70);
      }),
      { numRuns: 1_500 },
    );
  });

  /** How deep the parser's own tree is. */
  function depthOf(root: unknown): number {
    let deepest = 0;
    const open: [node: unknown, depth: number][] = [[root, 0]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [node, depth] = next;
      if (typeof node !== 'object' || node === null) continue;
      const inside = 'items' in node ? depth + 1 : depth;
      deepest = Math.max(deepest, inside);
      for (const value of Object.values(node)) open.push([value, inside]);
    }
    return deepest;
  }
});

describe('YAML that is not well formed', () => {
  it.each([
    ['tabs as indentation', `${HEAD}- id: a\n\twait: 1s`, 'TAB 7:1'],
    ['an open quote', `${HEAD}- { id: "a, wait: 1s }`, 'SYNTAX 6:23'],
    [
      'an unquoted template in a map',
      `${HEAD}- { id: a, uses: vro.plan, with: { plan: \${{ inputs.plan }} } }`,
      'SYNTAX',
    ],
    ['a key that stands twice', `${HEAD}- { id: a, wait: 1s, id: b }`, 'DUPLICATE_KEY 6:22'],
    ['a key that stands twice at the top', 'apiVersion: muster/v1\nname: a\nname: b\n', 'DUPLICATE_KEY 3:1'],
    ['the key __proto__', `${HEAD}- { id: a, wait: 1s, __proto__: { approved: true } }`, 'KEY 6:22'],
    ['the key constructor', `${HEAD}- { id: a, wait: 1s, "constructor": 1 }`, 'KEY 6:22'],
    ['a merge key', `${HEAD}- { id: a, wait: 1s, <<: { title: x } }`, 'KEY 6:22'],
    [
      'an escape that makes a control character',
      `${HEAD}- { id: a, title: "\\e]0;x", wait: 1s }`,
      'CONTROL 6:19',
    ],
  ])('refuses %s', (_, text, expected) => {
    expect(errorsOf(text).some((error) => error.startsWith(expected))).toBe(true);
  });
});
