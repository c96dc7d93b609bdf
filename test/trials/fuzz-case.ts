import fc from 'fast-check';
import { randomExpression } from '../model/random-expression.ts';
import type { Corpus } from './corpus.ts';
import { mutate, mutations } from './mutate.ts';

export const FUZZ_KINDS = ['runbook', 'expression', 'template', 'table', 'pattern'] as const;
export type FuzzKind = (typeof FUZZ_KINDS)[number];

/** One hostile input. */
export interface FuzzCase {
  readonly kind: FuzzKind;
  readonly text: string;
  /** What a run of the runbook is started with. */
  readonly values: readonly unknown[];
}

/** How many cases one batch has: about a second of work. */
export const BATCH_SIZE = 200;

/** The cases of a batch: the same for the same corpus, seed and number. */
export function casesOf(corpus: Corpus, { seed, batch }: { seed: number; batch: number }): FuzzCase[] {
  return fc.sample(caseOf(corpus), { seed: seed + batch, numRuns: BATCH_SIZE });
}

function caseOf({ runbooks, expressions, tables, patterns }: Corpus): fc.Arbitrary<FuzzCase> {
  const expression = fc.oneof(
    { weight: 2, arbitrary: mutated(expressions) },
    {
      weight: 1,
      arbitrary: fc.tuple(randomExpression, mutations, fc.constantFrom(...expressions)).map(applied),
    },
  );
  const template = fc
    .array(
      fc.oneof(
        expression.map((source) => `\${{ ${source} }}`),
        fc.string({ unit: 'binary', maxLength: 20 }),
      ),
      { maxLength: 4 },
    )
    .map((pieces) => pieces.join(''));
  return fc.oneof(
    { weight: 5, arbitrary: caseFrom('runbook', mutated(runbooks)) },
    { weight: 3, arbitrary: caseFrom('expression', expression) },
    { weight: 1, arbitrary: caseFrom('template', template) },
    { weight: 1, arbitrary: caseFrom('table', mutated(tables)) },
    { weight: 1, arbitrary: caseFrom('pattern', mutated(patterns)) },
  );
}

function caseFrom(kind: FuzzKind, text: fc.Arbitrary<string>): fc.Arbitrary<FuzzCase> {
  const values = fc.array(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })), { maxLength: 4 });
  return fc.record({ kind: fc.constant(kind), text, values });
}

function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...texts), mutations, fc.constantFrom(...texts)).map(applied);
}

function applied([text, changes, other]: [string, Parameters<typeof mutate>[1], string]): string {
  return mutate(text, changes, other);
}
