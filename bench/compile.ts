import { parseDocument } from 'yaml';
import { compileRunbook } from '../src/language/index.ts';
import { atMost, row, type Row } from './row.ts';
import { approvedFailovers, guardedChecks, waits } from './runbooks.ts';
import type { Tools } from './tools.ts';

const STEPS = 2_000;
/** All of the language's checks together cost no more than reading YAML does. */
const GOAL = 2;
/** Rounds that are not counted: the engine has not compiled its own code yet. */
const WARM_UP = 3;

/** Compiling runbooks of 2,000 steps, against what the YAML parser alone needs for the same text. */
export async function measureCompile({ rounds, say }: Pick<Tools, 'rounds' | 'say'>): Promise<Row[]> {
  const shapes = { waits, 'guarded checks': guardedChecks, 'approved failovers': approvedFailovers };
  return Object.entries(shapes).flatMap(([name, runbook]) => {
    say(`compile: ${name}`);
    return measure(name, runbook(STEPS), rounds);
  });
}

function measure(name: string, text: string, rounds: number): Row[] {
  const pairs = [];
  for (let round = 1 - WARM_UP; round <= rounds; round += 1) {
    const pair = round % 2 === 0 ? inTurn(parse, compile, text) : inTurn(compile, parse, text).reverse();
    if (round > 0) pairs.push(pair);
  }
  const what = `compiling ${STEPS} steps (${name})`;
  return [
    row(
      what,
      'ms',
      pairs.map(([, compiled = 0]) => compiled),
    ),
    row(
      `${what} / parsing its YAML`,
      '',
      pairs.map(([parsed = 0, compiled = 0]) => compiled / parsed),
      atMost(GOAL),
    ),
  ];
}

function inTurn(first: (text: string) => void, second: (text: string) => void, text: string): number[] {
  return [first, second].map((work) => {
    const begun = performance.now();
    work(text);
    return performance.now() - begun;
  });
}

function parse(text: string): void {
  if (parseDocument(text).errors.length > 0) throw new Error('The runbook of the bench is no YAML.');
}

function compile(text: string): void {
  const { diagnostics } = compileRunbook({ text, file: 'bench.yaml' });
  const [wrong] = diagnostics.filter(({ severity }) => severity === 'error');
  if (wrong !== undefined) throw new Error(`The runbook of the bench is wrong: ${wrong.message}`);
}
