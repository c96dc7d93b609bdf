import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRunbook, DIAGNOSTICS, type Diagnostic } from '../src/language/index.ts';
import * as vocabulary from '../src/language/shape/vocabulary.ts';
import { FAILURE_CODES } from '../src/model/failure.ts';
import { MODES } from '../src/model/runbook.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { brief, compiled, start } from './language/support.ts';

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '..', file), 'utf8');
const language = await read('docs/language.md');
const readme = await read('README.md');

interface Fence {
  readonly name: string;
  /** What stands behind `yaml`: nothing, `step`, `top`, or `wrong CODE` with the mode of a start. */
  readonly info: string;
  readonly body: string;
}

/** The YAML examples of a page. */
function fencesOf(page: string, file: string): Fence[] {
  return [...page.matchAll(/^```yaml(.*)\n([^]*?)^```$/gm)].map(({ 1: info = '', 2: body = '', index }) => ({
    name: `${file}:${page.slice(0, index).split('\n').length}`,
    info: info.trim(),
    body,
  }));
}

/** A fragment as a whole runbook. */
function wrapped(fragment: string): string {
  if (/^apiVersion:/m.test(fragment)) return fragment;
  const head = 'apiVersion: muster/v1\nname: example\nconnections: { vro: dr-site, vbr: dr-backup }\n';
  if (!/^- /m.test(fragment)) return `${head}${fragment}\nsteps: [{ id: only, wait: 1s }]\n`;
  const inputs = [
    'plan: { type: vroPlan, default: ERP }',
    'count: { type: integer, default: 3 }',
    'sure: { type: boolean, default: true }',
    'agents: { type: list, of: { name: string, backup: string }, default: [] }',
  ];
  return `${head}inputs: { ${inputs.join(', ')} }\nsteps:\n${fragment}`;
}

const diagnosticsOf = (text: string): readonly Diagnostic[] =>
  compileRunbook({ text, file: 'example.yaml' }).diagnostics;
const errorsOf = (text: string): Diagnostic[] =>
  diagnosticsOf(text).filter(({ severity }) => severity === 'error');

const fences = [...fencesOf(language, 'docs/language.md'), ...fencesOf(readme, 'README.md')];
const marked = (info: RegExp): Fence[] => fences.filter((fence) => info.test(fence.info));

describe('the examples of the pages', () => {
  it('all say what they are', () => {
    const known = /^$|^step$|^top$|^wrong [A-Z_]+(?: drill| live)?$/;
    expect(fences.filter(({ info }) => !known.test(info))).toEqual([]);
  });

  it.each(marked(/^$/))('$name is a whole runbook without problems', ({ body }) => {
    expect(body).toMatch(/^apiVersion:/m);
    expect(brief(diagnosticsOf(body))).toEqual([]);
  });

  it.each(marked(/^(?:step|top)$/))('$name compiles inside a runbook', ({ body }) => {
    expect(brief(errorsOf(wrapped(body)))).toEqual([]);
  });

  it.each(marked(/^wrong/))('$name is wrong as it says', ({ info, body }) => {
    const [, code, mode] = info.split(' ');
    const startMode = MODES.find((known) => known === mode);
    const text = wrapped(body);
    const found = startMode === undefined ? errorsOf(text) : start(text, { mode: startMode }).diagnostics;
    expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  it('of the readme can be started as a drill', () => {
    const [example] = fencesOf(readme, 'README.md');
    compiled(example?.body ?? '');
    expect(start(example?.body ?? '', { mode: 'drill' }).diagnostics).toEqual([]);
  });
});

describe('the language page', () => {
  const quoted = new Set([...language.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text));

  it('names every word of the language', () => {
    const { RUNBOOK, STEP, CONNECTIONS, INPUT, APPROVAL, RULE, RETRY, UNTIL, BY_MODE } = vocabulary;
    const { FOR_EACH, ACCEPT, WINDOW } = vocabulary;
    const maps: readonly vocabulary.Keys[] = [
      RUNBOOK,
      STEP,
      CONNECTIONS,
      INPUT,
      APPROVAL,
      RULE,
      RETRY,
      UNTIL,
      BY_MODE,
      FOR_EACH,
      ACCEPT,
      WINDOW,
    ];
    const { POLICY_WORDS, TYPE_WORDS, EXCLUDE_WORDS, ON_TIMEOUT_WORDS } = vocabulary;
    const { ITEM_WORDS, FAILURES_WORDS, DAY_WORDS, MISSED_WORDS } = vocabulary;
    const choices: readonly vocabulary.Words<string>[] = [
      POLICY_WORDS,
      TYPE_WORDS,
      EXCLUDE_WORDS,
      ON_TIMEOUT_WORDS,
      ITEM_WORDS,
      FAILURES_WORDS,
      DAY_WORDS,
      MISSED_WORDS,
    ];
    const words = [
      ...maps.flatMap(({ keys, later = [] }) => [...keys, ...later]),
      ...choices.flatMap(({ words: now, later = [] }) => [...now, ...later]),
    ];
    const isNamed = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(language);
    expect(words.filter((word) => !isNamed(word))).toEqual([]);
  });

  it('names no code that does not exist', () => {
    const looksLikeCode = /^(?:[A-Z][A-Z_]+|(?:step|effect|fence|cleanup|approval)\.\w+)$/;
    const codes = { ...DIAGNOSTICS, ...FAILURE_CODES };
    const unknown = [...quoted].filter((text) => looksLikeCode.test(text) && !Object.hasOwn(codes, text));
    expect(unknown).toEqual([]);
  });

  it('has the codes that authors meet most', () => {
    const rare = ['CONTROL', 'VERSION', 'TOO_MANY', 'EXPRESSION_FUNCTION'];
    const missing = Object.keys(DIAGNOSTICS).filter(
      (code) => !language.includes(code) && !rare.includes(code),
    );
    expect(missing).toEqual([]);
  });

  it('leaves the others to the page of all codes', async () => {
    const errors = await read('docs/errors.md');
    const missing = Object.keys(DIAGNOSTICS).filter((code) => !errors.includes(`| \`${code}\``));
    expect(missing).toEqual([]);
  });
});

describe('the readme', () => {
  it('breaks a machine that the simulator has', async () => {
    const fault = /-d '(\{.*\})'/.exec(readme)?.[1] ?? '';
    const simulator = await startSimulator();
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${simulator.urls.control}/faults`, {
        method: 'POST',
        headers,
        body: fault,
      });
      expect(answer.status).toBe(201);
    } finally {
      await simulator.close();
    }
  });
});
