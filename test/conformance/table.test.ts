import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { STEP } from '../../src/language/shape/vocabulary.ts';
import { readCases, SITUATIONS, type Case, type Situation } from './case.ts';
import { CONSTRUCTS, IMPOSSIBLE, isIn, isInMiddle, shows, WITHOUT_MIDDLE } from './constructs.ts';
import { GROUPS } from './groups.ts';

/** What a suite of the whole language has at least. */
const MIN_CASES = 120;

const files = Object.values(GROUPS).flat();
const cases = (await Promise.all(files.map(readCases))).flat();

/** One thing that a case says it shows. */
interface Claim {
  readonly one: Case;
  readonly construct: string;
  readonly situation: Situation;
}

const claims: readonly Claim[] = cases.flatMap((one) => [
  ...one.construct.map((construct) => ({ one, construct, situation: one.situation })),
  ...Object.entries(one.also).map(([construct, situation]) => ({ one, construct, situation })),
]);
const claimsOf = (construct: string, situation: Situation): readonly Claim[] =>
  claims.filter((claim) => claim.construct === construct && claim.situation === situation);
const named = ({ one, construct, situation }: Claim): string => `${construct}, ${situation}: ${one.title}`;

const constructs = Object.keys(CONSTRUCTS);

describe('the table of constructs and situations', () => {
  test.each(constructs)('has no empty cell for %s', (construct) => {
    const empty = SITUATIONS.filter(
      (situation) =>
        claimsOf(construct, situation).length === 0 && IMPOSSIBLE[construct]?.[situation] === undefined,
    );
    expect(empty).toEqual([]);
  });

  test('has no case in a cell that cannot exist', () => {
    const impossible = claims.filter(({ construct, situation }) => IMPOSSIBLE[construct]?.[situation]);
    expect(impossible.map(named)).toEqual([]);
  });

  test.each(constructs)('has a run that continues as new in the middle of %s', (construct) => {
    const inMiddle = claimsOf(construct, 'continue').filter(({ one }) => isInMiddle(one, construct));
    expect(inMiddle.length > 0 || WITHOUT_MIDDLE[construct] !== undefined).toBe(true);
  });
});

describe('a case', () => {
  test('has in it what it says it shows', () => {
    expect(claims.filter(({ one, construct }) => !shows(one, construct)).map(named)).toEqual([]);
  });

  test('gets into the situation that it says', () => {
    expect(claims.filter(({ one, situation }) => !isIn(one, situation)).map(named)).toEqual([]);
  });

  test('proves that it continues as new somewhere only if it does', () => {
    const idle = cases.filter(
      ({ middle, continueAfter }) => middle.length > 0 && continueAfter === undefined,
    );
    expect(idle.map(({ title }) => title)).toEqual([]);
  });

  test('is in a group', async () => {
    const found = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.yaml'));
    expect(found.map((name) => name.slice(0, -'.yaml'.length)).sort()).toEqual([...files].sort());
  });

  test('has a title of its own, and there are many', () => {
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(MIN_CASES);
  });
});

test('the cases use every key that a step can have', () => {
  const text = cases.map(({ runbook }) => runbook).join('\n');
  // What only people read.
  const forPeople = ['title', 'description', 'links', 'connection'];
  const unused = STEP.keys.filter((key) => !new RegExp(`\\b${key}:`).test(text));
  expect(unused.filter((key) => !forPeople.includes(key))).toEqual([]);
});
