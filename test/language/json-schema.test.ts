import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOG, isActionName, specOf } from '../../src/catalog/index.ts';
import { compileRunbook, runbookSchema } from '../../src/language/index.ts';
import { exampleOf } from '../../src/language/json-schema/example-inputs.ts';
import { schemaProblems } from '../support/json-schema.ts';
import { withSteps } from './support.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const schema = runbookSchema();
const problemsOf = (text: string): string[] => schemaProblems(schema, parse(text));
const actions = Object.keys(CATALOG).filter(isActionName);

const shipped = ['runbooks', 'runbooks/templates'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join(folder, file)),
);

describe('what is right', () => {
  it.each(shipped)('%s fits the schema', (file) => {
    expect(problemsOf(read(file))).toEqual([]);
  });

  it('every example of the language page fits', () => {
    const fences = [...read('docs/language.md').matchAll(/^```yaml(.*)\n([^]*?)^```$/gm)];
    const right = fences.filter(([, info = '']) => !info.trim().startsWith('wrong'));
    const problems = right.flatMap(([, info = '', body = '']) =>
      problemsOf(
        info.trim() === 'step'
          ? withSteps(body)
          : info.trim() === 'top'
            ? `apiVersion: muster/v1\nname: a\nsteps: [{ id: b, wait: 1s }]\n${body}`
            : body,
      ).map((problem) => `${body.slice(0, 60)}: ${problem}`),
    );
    expect(problems).toEqual([]);
    expect(right.length).toBeGreaterThan(10);
  });

  it.each(actions)('the example of %s fits, and compiles', (name) => {
    const step = { id: 'a', uses: name, with: exampleOf(name) };
    const text = `apiVersion: muster/v1\nname: a\nconnections: { vro: a, vbr: b, one: c }\nsteps: ${JSON.stringify([step])}\n`;
    expect(problemsOf(text)).toEqual([]);
    const { diagnostics } = compileRunbook({ text, file: 'a.yaml' });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each(actions)('every value of %s may be a template', (name) => {
    const given = Object.fromEntries(
      Object.keys(specOf(name).input.shape).map((key) => [key, '${{ inputs.x }}']),
    );
    expect(problemsOf(withSteps(`- ${JSON.stringify({ id: 'a', uses: name, with: given })}\n`))).toEqual([]);
  });

  it('an item of a list may be a template', () => {
    const step =
      "- { id: a, uses: vbr.issueRecoveryToken, with: { backupIds: ['${{ inputs.url }}'], validFor: 1h } }";
    expect(problemsOf(withSteps(`${step}\n`))).toEqual([]);
  });
});

describe('what is wrong', () => {
  it.each([
    ['an unknown key', '- { id: a, wait: 1s, tittle: x }', '/steps/0/tittle: false'],
    ['an unknown action', '- { id: a, uses: vro.fialover, with: { plan: ERP } }', '/steps/0/uses: enum'],
    [
      'a wrong type',
      '- { id: a, uses: tcp.check, with: { host: a, port: "80" } }',
      '/steps/0/with/port: anyOf',
    ],
    ['an unknown input', '- { id: a, uses: vro.plan, with: { plan: a, x: 1 } }', '/steps/0/with/x: false'],
    ['a missing input', '- { id: a, uses: vro.plan, with: {} }', '/steps/0/with: required plan'],
    ['a missing with', '- { id: a, uses: vro.plan }', '/steps/0: required with'],
    ['a missing id', '- { wait: 1s }', '/steps/0: required id'],
    ['two kinds', '- { id: a, wait: 1s, check: "true" }', '/steps/0: oneOf'],
    ['no kind', '- { id: a }', '/steps/0: oneOf'],
    [
      'a retried command',
      '- { id: a, uses: vro.undo, with: { plan: a }, retry: { attempts: 2 } }',
      '/steps/0/retry: false',
    ],
    ['a modifier of another kind', '- { id: a, wait: 1s, timeout: 1h }', '/steps/0/timeout: anyOf'],
    ['a duration without a unit', '- { id: a, wait: 30 }', '/steps/0/wait: anyOf'],
    ['a template in an expression', "- { id: a, if: '${{ inputs.x }}', wait: 1s }", '/steps/0/if: pattern'],
    ['a bad id', '- { id: fail-over, wait: 1s }', '/steps/0/id: pattern'],
    [
      'a read as rollback',
      '- { id: a, uses: vro.undo, with: { plan: a }, rollback: { uses: vro.plan, with: { plan: a } } }',
      '/steps/0/rollback/uses: enum',
    ],
    [
      'an unknown key deep inside',
      '- { id: a, steps: [{ id: b, parallel: [{ id: c, wiat: 1s }] }] }',
      '/steps/0/steps/0/parallel/0/wiat: false',
    ],
  ])('%s is found', (_what, step, problem) => {
    expect(problemsOf(withSteps(`${step}\n`))).toContain(problem);
  });

  it('a key at the top that nobody knows is found', () => {
    expect(problemsOf('apiVersion: muster/v1\nname: a\nstepps: []\n')).toEqual(
      expect.arrayContaining(['/stepps: false', ': required steps']),
    );
  });

  it.each([
    ['{ type: integer, default: x }', '/inputs/a/default: type'],
    ['{ type: list }', '/inputs/a: required of'],
    ['{ type: text }', '/inputs/a/type: enum'],
  ])('the input %s is found', (input, problem) => {
    expect(problemsOf(`apiVersion: muster/v1\nname: a\ninputs: { a: ${input} }\nsteps: []\n`)).toContain(
      problem,
    );
  });
});

describe('what an editor shows', () => {
  it('every action tells what it does', () => {
    const { definitions } = schema as unknown as { definitions: Record<string, { description?: string }> };
    expect(
      actions.filter((name) => definitions[name]?.description?.includes(specOf(name).summary) !== true),
    ).toEqual([]);
  });

  it('completion of uses has a description for each action', () => {
    const { definitions } = schema as unknown as {
      definitions: { step: { properties: { uses: { enum: string[]; enumDescriptions: string[] } } } };
    };
    const { uses } = definitions.step.properties;
    expect(uses.enumDescriptions).toHaveLength(uses.enum.length);
  });
});
