import { describe, expect, test } from 'vitest';
import { assertDeclarable } from '../../src/client/declared.ts';
import { START } from '../cli/sample-run.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { fakeControl } from './fake-control.ts';
import { makeMuster } from './make-muster.ts';

const DAY = 86_400_000;
const request = {
  file: 'test.yaml',
  text: runbookOf('steps: [{ id: a, wait: 1s }]\n'),
  mode: 'drill',
  purpose: 'incident',
  inputs: {},
  person: 'anna',
} as const;

describe('the time of the loss', () => {
  test('goes with the run as it was declared', async () => {
    const control = fakeControl();
    const { muster } = await makeMuster(control);
    await muster.start({ ...request, declaredAt: START - 60_000 });
    expect(control.started[0]?.input.declaredAt).toBe(START - 60_000);
  });

  test('is not in the input of a run for which nobody declared it', async () => {
    const control = fakeControl();
    const { muster } = await makeMuster(control);
    await muster.start(request);
    expect(control.started[0]?.input).not.toHaveProperty('declaredAt');
  });

  test('in the future is refused, and nothing starts', async () => {
    const control = fakeControl();
    const { muster } = await makeMuster(control);
    await expect(muster.start({ ...request, declaredAt: START + 365 * DAY })).rejects.toMatchObject({
      code: 'run.refused',
      message: expect.stringContaining('in the future') as unknown,
    });
    expect(control.started).toEqual([]);
  });

  test('may be 30 days ago and no more', () => {
    expect(() => assertDeclarable(START - 30 * DAY, START)).not.toThrow();
    expect(() => assertDeclarable(START - 30 * DAY - 1, START)).toThrow(/more than 30 days ago/);
  });

  test('may be this very moment', () => {
    expect(() => assertDeclarable(START, START)).not.toThrow();
  });
});
