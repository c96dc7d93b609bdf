import { expect, test } from 'vitest';
import { auditRun, type AuditedRun } from '../../src/ledger/audit/audit-run.ts';
import { sha256 } from '../../src/ledger/digest.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { LEDGER_VERSION, type LedgerEntry } from '../../src/model/ledger-entry.ts';

const RUN = 'first-1';
const DIGEST = sha256('');

function payload(value: unknown): JsonObject {
  return { payloads: [{ data: Buffer.from(JSON.stringify(value)).toString('base64') }] };
}

/** Events by type and what belongs to them, numbered from 1. */
function executionOf(
  events: readonly (readonly [string, JsonObject])[],
  mark: readonly (readonly [string, JsonObject])[] = [TELLS],
) {
  const all = [['WORKFLOW_EXECUTION_STARTED', { firstExecutionRunId: RUN }] as const, ...mark, ...events];
  return {
    executionId: RUN,
    history: {
      events: all.map(([type, facts], at) => ({
        eventId: String(at + 1),
        eventType: `EVENT_TYPE_${type}`,
        someEventAttributes: facts,
      })),
    },
  };
}

const TELLS = [
  'MARKER_RECORDED',
  { markerName: 'core_patch', details: { 'patch-data': payload({ id: 'ledger' }) } },
] as const;

const INPUT = { path: 'go', attempt: 1, action: 'vro.failover' };
const COMMAND = [
  ['ACTIVITY_TASK_SCHEDULED', { activityType: { name: 'vro.failover' }, input: payload(INPUT) }],
  [
    'ACTIVITY_TASK_COMPLETED',
    { scheduledEventId: '3', result: payload({ how: 'done', target: 'dr/plan/1', action: 'vro.failover' }) },
  ],
] as const;

const head = { v: LEDGER_VERSION, at: 1, run: RUN } as const;
const step = { path: 'go', attempt: 1 } as const;
const intent: LedgerEntry = {
  ...head,
  ...step,
  key: 'intent',
  kind: 'intent',
  epoch: 1,
  action: 'vro.failover',
  target: 'dr/plan/1',
  requestDigest: DIGEST,
  baselineDigest: DIGEST,
};
const effect: LedgerEntry = { ...head, ...step, key: 'effect', kind: 'effect', epoch: 1, how: 'done' };

function found(over: Partial<AuditedRun>): readonly string[] {
  const nothing = { run: RUN, executions: [], lost: [], readBefore: [], isOpen: false, entries: [] };
  return auditRun({ ...nothing, ...over }).findings.map((one) => one.found);
}

test('A command with its intent and its effect is as it should be.', () => {
  expect(found({ executions: [executionOf(COMMAND)], entries: [intent, effect] })).toEqual([]);
});

test('A command without an intent is found.', () => {
  expect(found({ executions: [executionOf(COMMAND)] })).toEqual(['effectWithoutIntent']);
});

test('A command of which the ledger does not have what became of it is a gap.', () => {
  expect(found({ executions: [executionOf(COMMAND)], entries: [intent] })).toEqual(['gap']);
});

test('An intent that no history shows is found, unless a part of the histories is known to be gone.', () => {
  const executions = [executionOf([])];
  expect(found({ executions, entries: [intent] })).toEqual(['entryWithoutEvent']);
  expect(found({ executions, entries: [intent], readBefore: ['first-0'] })).toEqual([]);
});

test('A second intent of a command that was tried once is found.', () => {
  const second: LedgerEntry = { ...intent, key: 'intent/2', epoch: 2 };
  const executions = [executionOf(COMMAND)];
  expect(found({ executions, entries: [intent, effect, second] })).toEqual(['entryWithoutEvent']);
});

test('Of a run from before the ledger that has continued as new, only what told the ledger is judged.', () => {
  const over = ['WORKFLOW_EXECUTION_COMPLETED', { result: payload({ outcome: 'failed' }) }] as const;
  const ended: LedgerEntry = { ...head, key: 'ended', kind: 'run.ended', outcome: 'failed' };
  const before = executionOf(COMMAND, []);
  const after = { ...executionOf([over]), executionId: 'second-1' };
  expect(found({ executions: [before, after], entries: [ended] })).toEqual([]);
});

test('A step that was begun has an end once the run has ended.', () => {
  const ended: LedgerEntry = { ...head, key: 'ended', kind: 'run.ended', outcome: 'succeeded' };
  const executions = [executionOf(COMMAND)];
  expect(found({ executions, entries: [intent, effect, ended] })).toEqual(['stepUnrecorded']);
});

test('A run that has ended says so in the ledger, with the same outcome.', () => {
  const over = ['WORKFLOW_EXECUTION_COMPLETED', { result: payload({ outcome: 'failed' }) }] as const;
  const ended: LedgerEntry = { ...head, key: 'ended', kind: 'run.ended', outcome: 'succeeded' };
  const executions = [executionOf([over])];
  expect(found({ executions, entries: [] })).toEqual(['gap', 'gap']);
  expect(found({ executions, entries: [ended] })).toEqual(['gap', 'gap']);
});

test('A history with an event less is a gap.', () => {
  const { executionId, history } = executionOf(COMMAND);
  const events = history.events.filter((_, at) => at !== 1);
  expect(found({ executions: [{ executionId, history: { events } }] })).toContain('gap');
});

test('An execution that is gone and was never read is a gap.', () => {
  expect(found({ executions: [executionOf([])], lost: ['first-0'] })).toEqual(['gap']);
});

test('A flood of signals is told of twenty times, and then how many more there were.', () => {
  const signal = [
    'WORKFLOW_EXECUTION_SIGNALED',
    { signalName: 'vote', input: payload({ jws: 'x' }) },
  ] as const;
  const executions = [executionOf(Array.from({ length: 500 }, () => signal))];
  const { findings } = auditRun({
    run: RUN,
    executions,
    lost: [],
    readBefore: [],
    isOpen: true,
    entries: [],
  });
  expect(findings.length).toBe(21);
  expect(findings.at(-1)).toMatchObject({ where: 'more', says: 'The same happened 480 more times.' });
});

test('A nudge is nothing: it says nothing, and changes nothing.', () => {
  const wake = ['WORKFLOW_EXECUTION_SIGNALED', { signalName: 'wake' }] as const;
  expect(found({ executions: [executionOf([wake])] })).toEqual([]);
});

test('What a stranger wrote is shown without what a terminal obeys.', () => {
  const signal = ['WORKFLOW_EXECUTION_SIGNALED', { signalName: '\u001b[2Jx', identity: 'a\nb' }] as const;
  const { findings } = auditRun({
    run: RUN,
    executions: [executionOf([signal])],
    lost: [],
    readBefore: [],
    isOpen: true,
    entries: [],
  });
  expect(findings[0]?.says).toBe('The run was sent the signal "[2Jx" by ab; muster does not know it.');
});
