import { expect, test } from 'vitest';
import { spentTimeOf } from '../../src/model/step-times.ts';
import { at, decided, done, gate, MINUTE, START, steps } from '../ledger/report/sample.ts';

const SPENT = spentTimeOf({ startedAt: START, endedAt: at(50), steps: steps() });

test('the time of a run is told with what people took of it', () => {
  expect(SPENT).toMatchObject({ totalMs: 50 * MINUTE, waitedForPeopleMs: 20 * MINUTE });
});

test('each step that did something is told with its time, and blocks apart from them', () => {
  expect(SPENT.steps.map(({ path }) => path)).toEqual([
    'ready',
    'go',
    'failover',
    'checks/web',
    'checks/old',
  ]);
  expect(SPENT.blocks).toMatchObject([{ path: 'checks', tookMs: 15 * MINUTE }]);
});

test('each answer is told with how long it took', () => {
  expect(SPENT.answers).toEqual([
    { path: 'go', person: 'boris', decision: 'approve', at: at(15), afterMs: 10 * MINUTE },
  ]);
});

test('an answer is never earlier than its question, though votes have whole seconds only', () => {
  const asked = done('go', 15, 16, { kind: 'approval', gate: gate({ openedAt: at(15) + 400 }) });
  expect(spentTimeOf({ startedAt: START, endedAt: at(50), steps: [asked] }).answers[0]?.afterMs).toBe(0);
});

test('groups and machines are told where a server tells their times', () => {
  const times = { startedAt: '2026-03-01T03:15:00Z', finishedAt: '2026-03-01T03:20:00Z' };
  const output = {
    groups: [{ name: 'Databases', ...times }, { name: 'open' }],
    vms: [{ vm: 'db', ...times }],
  };
  const { groups, machines } = spentTimeOf({
    startedAt: START,
    endedAt: at(50),
    steps: [done('failover', 15, 35, { uses: 'vro.failover', output })],
  });
  expect([groups, machines]).toEqual([
    [{ path: 'failover', name: 'Databases', tookMs: 5 * MINUTE }],
    [{ path: 'failover', name: 'db', tookMs: 5 * MINUTE }],
  ]);
});

test('a result that was taken over took no time in this run', () => {
  const taken = done('failover', -300, -200, { takenOver: true, decisions: [decided('done', -210)] });
  expect(spentTimeOf({ startedAt: START, endedAt: at(50), steps: [taken] }).steps).toEqual([]);
});
