import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { STEP } from '../../src/language/shape/vocabulary.ts';
import { readCases, SITUATIONS } from './case.ts';
import { CONSTRUCTS, GROUPS, WITHOUT_TIMEOUT } from './groups.ts';

/** What a suite of the whole language has at least. */
const MIN_CASES = 120;

const files = Object.values(GROUPS).flat();
const cases = (await Promise.all(files.map(readCases))).flat();

describe('the conformance cases', () => {
  test.each(CONSTRUCTS)('show %s in every situation', (construct) => {
    const shown = new Set(
      cases.filter((one) => one.construct === construct).map(({ situation }) => situation),
    );
    const needed = SITUATIONS.filter((one) => one !== 'timeout' || !WITHOUT_TIMEOUT.includes(construct));
    expect(needed.filter((situation) => !shown.has(situation))).toEqual([]);
  });

  test('are about constructs that the table knows', () => {
    expect(cases.map(({ construct }) => construct).filter((one) => !CONSTRUCTS.includes(one))).toEqual([]);
  });

  test('are all in a group', async () => {
    const found = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.yaml'));
    expect(found.map((name) => name.slice(0, -'.yaml'.length)).sort()).toEqual([...files].sort());
  });

  test('have titles of their own, and are many', () => {
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(MIN_CASES);
  });

  test('use every key that a step can have', () => {
    const text = cases.map(({ runbook }) => runbook).join('\n');
    // What only people read.
    const forPeople = ['title', 'description', 'links', 'connection'];
    const unused = STEP.keys.filter((key) => !new RegExp(`\\b${key}:`).test(text));
    expect(unused.filter((key) => !forPeople.includes(key))).toEqual([]);
  });
});
