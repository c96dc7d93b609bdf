import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { measuringStalls } from './stalls.ts';
import { HEAD, start, withSteps } from './support.ts';

/** What hostile authors write into runbooks that are well-formed YAML (texts that are not: hostile.test.ts). */
const stalling = measuringStalls('hostile runbooks');

/** The codes of the errors in a text, each once, in its order. */
function codesOf(text: string): string[] {
  const { runbook, diagnostics } = stalling(() => compileRunbook({ text, file: 'test.yaml' }));
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  expect(runbook === undefined).toBe(codes.length > 0);
  return [...new Set<string>(codes)];
}

const withCheck = (expression: string): string =>
  withSteps(`- id: a\n  check: ${JSON.stringify(expression)}\n`);
const HTTP = '- { id: a, uses: http.check, with: { url: "https://erp.example"';
const withInput = (input: string): string =>
  `apiVersion: muster/v1\nname: test\ninputs:\n  x: ${input}\nsteps: [{ id: a, wait: 1s }]\n`;

describe('a value that is not what it looks like', () => {
  it.each([
    [
      'no where true or false belongs',
      '- { id: a, uses: vro.readinessCheck, with: { plan: ERP, report: no } }',
      'TYPE',
    ],
    ['off', '- { id: a, uses: vro.readinessCheck, with: { plan: ERP, report: off } }', 'TYPE'],
    ['NO', '- { id: a, uses: vro.readinessCheck, with: { plan: ERP, report: NO } }', 'TYPE'],
    ['true as a text', '- { id: a, uses: vro.readinessCheck, with: { plan: ERP, report: "true" } }', 'TYPE'],
    ['a time in base sixty', '- { id: a, wait: 12:30:45 }', 'TYPE'],
    ['a date for a duration', '- { id: a, wait: 2001-01-01 }', 'TYPE'],
    ['a number without a unit', '- { id: a, wait: 1e3 }', 'TYPE'],
    ['a number that begins with zero', '- { id: a, wait: 012 }', 'TYPE'],
    ['a number in base sixteen', '- { id: a, wait: 0x1F }', 'TYPE'],
    ['a negative zero', '- { id: a, wait: -0 }', 'TYPE'],
    ['a number too large to be exact', '- { id: a, wait: 9007199254740993 }', 'TYPE'],
    ['an infinite number', '- { id: a, wait: .inf }', 'TYPE'],
    ['a number that is none', '- { id: a, wait: .nan }', 'TYPE'],
    ['an octal port', '- { id: a, uses: tcp.check, with: { host: h, port: 0o17777777 } }', 'TYPE VALUE'],
    ['a port that is a fraction', '- { id: a, uses: tcp.check, with: { host: h, port: 1.5 } }', 'TYPE'],
    ['a port as a text', '- { id: a, uses: tcp.check, with: { host: h, port: "22" } }', 'TYPE'],
    ['a port below all', '- { id: a, uses: tcp.check, with: { host: h, port: -1 } }', 'VALUE'],
    ['nothing', '- { id: a, wait: }', 'TYPE'],
    [
      'an approval that says twice how many',
      '- { id: a, approval: { rules: [{ role: dr-manager, count: 2, count: 0 }] } }',
      'DUPLICATE_KEY',
    ],
    [
      'an approval of nobody',
      '- { id: a, approval: { title: Go?, rules: [{ role: dr-manager, count: 0 }] } }',
      'VALUE',
    ],
    ['a check that trusts no certificate', `${HTTP}, rejectUnauthorized: false } }`, 'UNKNOWN_KEY'],
    ['a key that was mistyped', '- { id: a, wait: 1s, aproval: true }', 'UNKNOWN_KEY'],
    ['an id of 10,000 characters', `- id: ${'a'.repeat(7_000)}\n  wait: 1s`, 'LENGTH'],
    ['an id that is an escape sequence', '- { id: "\\e[2J", wait: 1s }', 'CONTROL ID'],
    ['an id that leaves its folder', '- { id: "../../x", wait: 1s }', 'ID'],
    ['an id every object has', '- { id: toString, wait: 1s }', undefined],
    ['a runbook outside of the folder', '- { id: a, runbook: ../../etc/passwd }', 'ID'],
    ['a runbook with an encoded path', '- { id: a, runbook: ..%2f..%2fetc }', 'ID'],
    ['a runbook with doubled dots', '- { id: a, runbook: ....//x }', 'ID'],
    ['a runbook with a NUL', '- { id: a, runbook: "x\\0y" }', 'CONTROL ID'],
    ['a runbook with an absolute path', '- { id: a, runbook: /etc/passwd }', 'ID'],
    ['a runbook on a drive', "- { id: a, runbook: 'C:\\x' }", 'ID'],
    ['a runbook from elsewhere', '- { id: a, runbook: "https://evil.example/x.yaml" }', 'ID'],
    ['a runbook that is not there', '- { id: a, runbook: not-there }', 'UNKNOWN_RUNBOOK'],
  ])('is refused: %s', (_, steps, expected) => {
    expect(codesOf(withSteps(steps)).join(' ')).toBe(expected ?? '');
  });

  it.each([
    ['an integer too large to be exact', '{ type: integer, default: 9007199254740993 }', 'TYPE'],
    ['an infinite default', '{ type: number, default: .inf }', 'TYPE'],
    ['a default of another type', '{ type: boolean, default: yes }', 'TYPE'],
    ['a pattern that backtracks without end', "{ type: string, pattern: '(a+)+$' }", 'PATTERN'],
    ['a pattern of alternatives that overlap', "{ type: string, pattern: '(a|aa)*$' }", 'PATTERN'],
    ['a pattern that refers back', "{ type: string, pattern: '(a)\\1' }", 'PATTERN'],
    ['a pattern that is none', "{ type: string, pattern: '(' }", 'PATTERN'],
  ])('is refused as an input: %s', (_, input, expected) => {
    expect(codesOf(withInput(input))).toEqual([expected]);
  });

  it.each([
    ['empty', ''],
    ['nothing but a comment', '# nothing\n'],
    ['null', 'null'],
    ['a list', '- a\n- b'],
    ['a text', 'hello'],
  ])('is refused as a whole file: %s', (_, text) => {
    expect(codesOf(text)).toEqual(['SHAPE']);
  });
});

describe('an expression that means harm', () => {
  it.each([
    ['reaches for the process', "this.constructor.constructor('return process')()", 'EXPRESSION_SYNTAX'],
    ['asks a map for its constructor', 'inputs.constructor == 1', 'UNKNOWN_REFERENCE'],
    ['asks by an index', 'steps["__proto__"] == 1', 'UNKNOWN_REFERENCE'],
    ['asks for the root of all objects', 'inputs.__proto__.x == 1', 'UNKNOWN_REFERENCE'],
    ['calls what every object has', 'inputs.hasOwnProperty("x")', 'EXPRESSION_FUNCTION'],
    ['calls through a function', 'inputs.toString.call(1)', 'EXPRESSION_FUNCTION'],
    ['is a template literal', '[`constructor`]', 'EXPRESSION_SYNTAX'],
    ['names the global object', 'globalThis.process == 1', 'UNKNOWN_REFERENCE'],
    ['repeats a text', '"a".repeat(1000000000) == ""', 'EXPRESSION_FUNCTION'],
    ['multiplies a text', '"a" * 1000000000 == ""', 'EXPRESSION_TYPE'],
    ['compares a truth with a text', 'true == "true"', 'EXPRESSION_TYPE'],
    ['compares a number with nothing', '0 == ""', 'EXPRESSION_TYPE'],
    ['adds a text to a number', '1 + "1" == 2', 'EXPRESSION_TYPE'],
    ['pads a text', '"a".padStart(1000000000) == ""', 'EXPRESSION_FUNCTION'],
    ['matches a regular expression', '"aaaa!".matches("(a+)+$")', 'EXPRESSION_FUNCTION'],
    ['asks for the time', 'now() > 1', 'EXPRESSION_FUNCTION'],
    ['throws dice', 'random() > 1', 'EXPRESSION_FUNCTION'],
    ['reads the environment', 'env("HOME") == ""', 'EXPRESSION_FUNCTION'],
    ['nests 1,000 brackets', `${'('.repeat(900)}true${')'.repeat(900)}`, 'EXPRESSION_LIMIT'],
    ['is longer than it may be', `${'true && '.repeat(900)}true`, 'EXPRESSION_LIMIT'],
    ['has too many parts', Array.from({ length: 450 }, () => '!1').join('+'), 'EXPRESSION_LIMIT'],
    ['walks lists three deep', '[1].all(a, [1].all(b, [1].all(c, true)))', 'EXPRESSION_LIMIT'],
    ['is empty', ' ', 'TYPE'],
  ])('is refused before anything runs: it %s', (_, expression, expected) => {
    expect(codesOf(withCheck(expression))).toContain(expected);
  });

  it('of 100 KB is refused for the length of its line', () => {
    expect(codesOf(withCheck(`"${'x'.repeat(100_000)}" == ""`))).toEqual(['LENGTH']);
  });

  it.each([
    ['a template that is not closed', '${{ inputs.plan', 'EXPRESSION_SYNTAX'],
    ['a template inside a template', '${{ "${{ inputs.plan }}" }}', 'EXPRESSION_SYNTAX'],
    ['a template that reaches for code', '${{ ({}).__proto__.x }}', 'UNKNOWN_REFERENCE'],
    [
      'a template that reaches for the process',
      "${{ this.constructor.constructor('return process')() }}",
      'EXPRESSION_SYNTAX',
    ],
    ['500 templates in one text', '${{ 1 }}'.repeat(500), undefined],
  ])('is refused in a template: %s', (_, url, expected) => {
    const steps = `- id: a\n  uses: http.check\n  with: { url: ${JSON.stringify(url)} }\n`;
    const codes = codesOf(withSteps(steps));
    expect(expected === undefined || codes.includes(expected)).toBe(true);
  });
});

describe('a start with hostile inputs', () => {
  const text = `${HEAD}- { id: a, wait: 1s }\n`;

  it.each([
    ['a name that is not declared', { nope: 1 }, 'INPUT_UNKNOWN'],
    [
      'the name __proto__',
      JSON.parse('{"__proto__": {"approved": true}}') as Record<string, unknown>,
      'INPUT_UNKNOWN',
    ],
    ['a list for a text', { plan: ['ERP'] }, 'INPUT_TYPE'],
    ['a text of a megabyte', { plan: 'x'.repeat(1_000_000) }, 'INPUT_TYPE'],
    ['a control character', { plan: 'ERP\u001b]0;x' }, 'INPUT_TYPE'],
    ['half a pair', { plan: '\ud800' }, 'INPUT_TYPE'],
    ['a number that is not whole', { count: '1.5' }, 'INPUT_TYPE'],
    ['a number in another base', { count: '0x10' }, 'INPUT_TYPE'],
    ['a number too large to be exact', { count: '9007199254740993' }, 'INPUT_TYPE'],
    ['a number with a comma', { count: '1,5' }, 'INPUT_TYPE'],
    ['an infinite number', { count: Infinity }, 'INPUT_TYPE'],
  ])('is refused: %s', (_, inputs, expected) => {
    const given = { plan: 'ERP', count: 1, ...inputs };
    const { diagnostics } = start(text, {
      mode: 'drill',
      inputs: Object.hasOwn(inputs, '__proto__') ? inputs : given,
    });
    expect(diagnostics.map(({ code }) => code)).toContain(expected);
  });
});
