import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { oneSchedule, oneSession } from '../../src/veeam/schemas/one-task.ts';
import { tokenAnswer } from '../../src/veeam/schemas/token.ts';
import { checkAgainst, specOf } from '../support/spec-check.ts';

const FOLDER = new URL('../specs/one-examples/', import.meta.url);

/** The vendor's printed bodies, token values shortened: what reads each, and what it is in the specification. */
const EXAMPLES: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  schedule: [oneSchedule, 'SchedulePlan'],
  session: [oneSession, 'JobSessionInfo'],
  token: [tokenAnswer, 'TokenResponse'],
};

const exampleOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as unknown;

test('every example is tried', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(EXAMPLES).map((name) => `${name}.json`));
});

test.each(Object.entries(EXAMPLES))(
  'the printed %s is read and fits the specification',
  (name, [schema, type]) => {
    const example = exampleOf(name);

    expect(schema.parse(example)).toEqual(example);
    expect(checkAgainst(specOf('one-2.3'), type, example)).toEqual([]);
  },
);
