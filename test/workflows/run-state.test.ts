import { describe, expect, test } from 'vitest';
import type { Timeline } from '../../src/model/run.ts';
import { passPending } from '../../workflows/records.ts';
import { snapshotOf, stateOf, write } from './sample-state.ts';

const LINES = `
steps:
  - { id: one, wait: 1s }
  - { id: block, steps: [{ id: inside, wait: 1s }] }
cleanup: [{ id: tidy, wait: 1s }]
always: [{ id: tell, wait: 1s }]
`;
const NOBODY = { total: 0, latest: [] };

describe('the state of a run', () => {
  test('has a pending record for every step, in order', () => {
    const { steps } = stateOf(LINES).timeline({}, NOBODY);
    expect(steps.map(({ path, state }) => `${path} ${state}`)).toEqual([
      'one pending',
      'block pending',
      'block/inside pending',
      'cleanup/tidy pending',
      'always/tell pending',
    ]);
  });

  test('shows the steps of the engine in their phase', () => {
    const extra = { kind: 'wait', id: 'own', path: 'cleanup/own', title: 'own', durationMs: 1 } as const;
    const { steps } = stateOf(LINES, undefined, [extra]).timeline({}, NOBODY);
    expect(steps.map(({ path }) => path).slice(3)).toEqual(['cleanup/tidy', 'cleanup/own', 'always/tell']);
  });

  test('is told in pages', () => {
    const page = stateOf(LINES).timeline({ from: 1, limit: 2 }, NOBODY);
    expect([page.total, page.from, page.steps.map(({ path }) => path)]).toEqual([
      5,
      1,
      ['block', 'block/inside'],
    ]);
  });

  test('is told in pages below a megabyte, however large the outputs are', () => {
    const lines = Array.from({ length: 100 }, (_, no) => `  - { id: s${no}, wait: 1s }`).join('\n');
    const state = stateOf(`\nsteps:\n${lines}\n`);
    // Three bytes a character.
    const output = { text: '€'.repeat(20 * 1_024) };
    for (const { path } of state.steps()) write(state, path, { state: 'ended', output });

    const pages: Timeline[] = [];
    for (let from = 0; from < 100; from += pages.at(-1)?.steps.length ?? 100) {
      pages.push(state.timeline({ from, limit: 200 }, NOBODY));
    }

    expect(pages.flatMap(({ steps }) => steps.map(({ path }) => path))).toEqual([...state.records.keys()]);
    expect(Math.max(...pages.map((page) => Buffer.byteLength(JSON.stringify(page))))).toBeLessThan(1_000_000);
    expect(pages.length).toBeLessThan(20);
  });

  test('has a page for a step that alone is larger than a page', () => {
    const state = stateOf(LINES);
    write(state, 'one', { output: { text: 'x'.repeat(800 * 1_024) } });
    const pages = [0, 1].map((from) => state.timeline({ from }, NOBODY).steps.length);
    expect(pages).toEqual([1, 4]);
  });

  test('goes on from a snapshot', () => {
    const before = stateOf(LINES);
    write(before, 'one', { state: 'ended', outcome: 'succeeded', endedAt: 2_000, output: { ok: true } });
    before.stopped = 'cancelled';
    const after = stateOf(LINES, snapshotOf(before, { stopped: 'cancelled' }));
    expect(after.timeline({}, NOBODY)).toEqual({ ...before.timeline({}, NOBODY), continuations: 1 });
    expect(after.stopped).toBe('cancelled');
  });

  test('carries outputs that are kept elsewhere by their digest only', () => {
    const before = stateOf(LINES);
    write(before, 'one', { state: 'ended', output: { large: 'x' }, outputDigest: 'digest-of-x' });
    const snapshot = snapshotOf(before);
    const after = stateOf(LINES, snapshot);
    expect([JSON.stringify(snapshot).includes('large'), after.missingOutputs()]).toEqual([
      false,
      ['digest-of-x'],
    ]);
    after.restoreOutputs(new Map([['digest-of-x', { large: 'x' }]]));
    expect(after.record('one').output).toEqual({ large: 'x' });
  });

  test('does the same with the output of a command that is watched', () => {
    const before = stateOf(LINES);
    const command = { action: 'vro.failover', how: 'done', target: 'a/plan/b', baseline: {} } as const;
    write(before, 'one', {
      state: 'running',
      command: { ...command, output: { n: 1 }, outputDigest: 'digest-of-1' },
    });
    const after = stateOf(LINES, snapshotOf(before));
    expect(after.record('one').command?.output).toBeUndefined();
    after.restoreOutputs(new Map([['digest-of-1', { n: 1 }]]));
    expect(after.record('one').command).toEqual({
      ...command,
      output: { n: 1 },
      outputDigest: 'digest-of-1',
    });
  });
});

describe('a run ends', () => {
  test('succeeded when nothing deviated, also when steps did not apply', () => {
    const state = stateOf(LINES);
    write(state, 'one', { state: 'ended', outcome: 'skipped', reason: 'if: 1 > 2' });
    expect(state.finalOutcome()).toBe('succeeded');
  });

  test.each(['warned', 'failed'] as const)('warned when a step ended %s and the run went on', (outcome) => {
    const state = stateOf(LINES);
    write(state, 'block/inside', { state: 'ended', outcome });
    expect(state.finalOutcome()).toBe('warned');
  });

  test('as it was stopped, whatever its steps say', () => {
    const state = stateOf(LINES);
    state.stopped = 'rejected';
    write(state, 'one', { state: 'ended', outcome: 'failed' });
    expect(state.finalOutcome()).toBe('rejected');
  });
});

test('what never began is left out with the reason, and what ended stays', () => {
  const state = stateOf(LINES);
  write(state, 'one', { state: 'ended', outcome: 'succeeded' });
  write(state, 'block', { state: 'ended', outcome: 'cancelled' });
  passPending(state, state.runbook.steps, 'an earlier step failed', 5_000);
  expect(['one', 'block', 'block/inside'].map((path) => state.record(path).outcome)).toEqual([
    'succeeded',
    'cancelled',
    'skipped',
  ]);
  expect(state.record('block/inside').reason).toBe('an earlier step failed');
});

test('a step that a runbook does not have is a bug', () => {
  expect(() => stateOf(LINES).record('nowhere')).toThrow('no step nowhere');
});
