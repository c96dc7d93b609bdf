import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import {
  defaultPayloadConverter,
  RetryState,
  TerminatedFailure,
  TypedSearchAttributes,
} from '@temporalio/common';
import { expect, test } from 'vitest';
import { createControl, newRunId } from '../../src/control/index.ts';
import { step, timeline } from '../cli/sample-run.ts';
import { DEADLINE_EXCEEDED, FAILED_PRECONDITION, fakeClient, grpcError, UNAVAILABLE } from './fake-client.ts';

const RUN = 'dr-drill-20250131-k7m2qz';
const INPUT = {
  runbook: 'dr-drill',
  runbookDigest: 'd',
  mode: 'drill',
  purpose: 'exercise',
  starter: 'anna',
} as const;
const rejecting = (error: Error) => () => Promise.reject(error);

test.each(['DR', 'a', "x' OR 1=1", 'a/../b', `a${'b'.repeat(90)}`])(
  '%s is no run id and is never sent',
  async (id) => {
    const client = fakeClient({
      workflow: {
        getHandle: () => {
          throw new Error('sent');
        },
      },
    });
    await expect(createControl({ client }).timeline(id)).rejects.toMatchObject({ code: 'run.badId' });
  },
);

test('a new run id names the runbook and the day, and is a run id', async () => {
  const id = newRunId('ERP failover (new)', Date.UTC(2025, 0, 31, 23));
  expect(id).toMatch(/^erp-failover-new-20250131-[0-9abcdefghjkmnpqrstvwxyz]{6}$/);
  expect(newRunId('x'.repeat(200)).length).toBeLessThan(81);
});

test('a start can be found by runbook and mode, and never takes an id twice', async () => {
  let sent: unknown;
  const client = fakeClient({
    workflow: {
      start: async (_type: string, options: unknown) => {
        sent = options;
        return { firstExecutionRunId: 'first-1' };
      },
    },
  });
  const started = await createControl({ client }).start({ ...INPUT, inputs: {} }, RUN);
  expect(started).toEqual({ firstExecutionId: 'first-1' });
  expect(sent).toMatchObject({
    workflowId: RUN,
    taskQueue: 'muster',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: [
      { key: { name: 'MusterRunbook', type: 'KEYWORD' }, value: 'dr-drill' },
      { key: { name: 'MusterMode', type: 'KEYWORD' }, value: 'drill' },
      { key: { name: 'MusterOutcome', type: 'KEYWORD' }, value: '-' },
      { key: { name: 'MusterWaiting', type: 'KEYWORD' }, value: '-' },
    ],
  });
});

/** An execution as the server lists it; times are seconds since 1970. */
const execution = (workflowId: string, startedAt: number, memo?: object) => ({
  workflowId,
  status: { name: 'RUNNING' },
  startTime: new Date(startedAt * 1_000),
  typedSearchAttributes: new TypedSearchAttributes([]),
  memo,
});

test('a run that has continued as new is listed with its own start, behind those that began later', async () => {
  let begun: { memo?: object } = {};
  const client = fakeClient({
    workflow: {
      start: async (_type: string, options: object) => {
        begun = options;
        return { firstExecutionRunId: 'first-1' };
      },
      async *list() {
        yield execution('long', 9_999_999_999, begun.memo);
        yield execution('old', 200);
        yield execution('ahead-of-time', 100, { musterStartedAt: 300_000 });
      },
    },
  });
  const control = createControl({ client });
  const before = Date.now();
  await control.start({ ...INPUT, inputs: {} }, RUN);
  const listed = await control.list();
  expect(listed.map(({ runId }) => runId)).toEqual(['long', 'old', 'ahead-of-time']);
  expect(listed[0]?.startedAt).toBeGreaterThanOrEqual(before);
  expect(listed[0]?.startedAt).toBeLessThanOrEqual(Date.now());
  expect(listed.slice(1).map(({ startedAt }) => startedAt)).toEqual([200_000, 100_000]);
});

test('a timeline is read page by page until all of it is there', async () => {
  const steps = Array.from({ length: 450 }, (_, index) => step(`s${index}`));
  const asked: number[] = [];
  const client = fakeClient({
    handle: {
      query: async (_query: unknown, { from }: { from: number }) => {
        asked.push(from);
        // As when they are large together: fewer than were asked for.
        return { ...timeline(steps), from, steps: steps.slice(from, from + 200) };
      },
    },
  });
  const whole = await createControl({ client }).timeline(RUN);
  expect(whole.steps).toEqual(steps);
  expect(asked).toEqual([0, 200, 400]);
});

test('a timeline whose loop begins while it is read is read anew', async () => {
  const before = ['a', 'loop', 'b', 'c'].map((path) => step(path));
  const after = ['a', 'loop', 'loop/0', 'b', 'c'].map((path) => step(path));
  let asked = 0;
  const client = fakeClient({
    handle: {
      query: async (_query: unknown, { from }: { from: number }) => {
        const steps = (asked += 1) === 1 ? before : after;
        // As when outputs are large: fewer than were asked for.
        return { ...timeline(steps), from, steps: steps.slice(from, from + 2) };
      },
    },
  });
  expect((await createControl({ client }).timeline(RUN)).steps).toEqual(after);
});

test('a description has what activities said in their heartbeats, and only that', async () => {
  const beat = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
  const described = {
    workflowId: RUN,
    status: { name: 'RUNNING' },
    startTime: new Date(1_000),
    typedSearchAttributes: new TypedSearchAttributes([
      { key: { name: 'MusterRunbook', type: 'KEYWORD' }, value: 'dr-drill' },
      { key: { name: 'MusterMode', type: 'KEYWORD' }, value: 'drill' },
      { key: { name: 'MusterWaiting', type: 'KEYWORD' }, value: 'go' },
    ]),
    raw: {
      pendingActivities: [
        {
          attempt: 2,
          heartbeatDetails: beat({ path: 'failover', says: 'group 1', percent: 10 }),
          lastFailure: { message: 'lost' },
        },
        { attempt: 1, heartbeatDetails: beat({ path: 'x', says: '' }) },
        { attempt: 1, heartbeatDetails: beat('something else') },
        { attempt: 1 },
      ],
    },
  };
  const control = createControl({ client: fakeClient({ handle: { describe: async () => described } }) });
  expect(await control.describe(RUN)).toEqual({
    runId: RUN,
    runbook: 'dr-drill',
    mode: 'drill',
    state: 'waiting',
    waiting: 'go',
    startedAt: 1_000,
    activities: [{ path: 'failover', says: 'group 1', percent: 10, attempt: 2, lastFailure: 'lost' }],
  });
});

test('a server that is away is unreachable', async () => {
  const control = createControl({
    client: fakeClient({ handle: { describe: rejecting(grpcError(UNAVAILABLE)) } }),
  });
  await expect(control.describe(RUN)).rejects.toMatchObject({ code: 'temporal.unreachable' });
});

test('an unknown run is not found', async () => {
  const error = new WorkflowNotFoundError('no', RUN, undefined);
  const control = createControl({ client: fakeClient({ handle: { describe: rejecting(error) } }) });
  await expect(control.describe(RUN)).rejects.toMatchObject({ code: 'run.notFound' });
});

test.each([
  [DEADLINE_EXCEEDED, 'Deadline exceeded'],
  [FAILED_PRECONDITION, 'no poller seen for task queue recently, worker may be down'],
])('a query that no worker answers says so (%i)', async (code, details) => {
  const handle = { query: rejecting(grpcError(code, details)), describe: async () => ({}) };
  const control = createControl({ client: fakeClient({ handle }) });
  await expect(control.step(RUN, 'go')).rejects.toMatchObject({ code: 'run.unanswered' });
});

test('a query that times out because the server is away is unreachable', async () => {
  const handle = {
    query: rejecting(grpcError(DEADLINE_EXCEEDED)),
    describe: rejecting(grpcError(DEADLINE_EXCEEDED)),
  };
  const control = createControl({ client: fakeClient({ handle }) });
  await expect(control.verdict(RUN, 'v')).rejects.toMatchObject({ code: 'temporal.unreachable' });
});

test('a signal to a run that has ended says that it has', async () => {
  const handle = {
    signal: rejecting(new WorkflowNotFoundError('done', RUN, undefined)),
    describe: async () => ({}),
  };
  const control = createControl({ client: fakeClient({ handle }) });
  await expect(control.signalVote(RUN, 'jws')).rejects.toMatchObject({ code: 'run.ended' });
});

test('a run that was terminated is broken, with why', async () => {
  const error = new WorkflowFailedError(
    'failed',
    new TerminatedFailure('by hand'),
    RetryState.NON_RETRYABLE_FAILURE,
  );
  const control = createControl({ client: fakeClient({ handle: { result: rejecting(error) } }) });
  await expect(control.result(RUN)).rejects.toMatchObject({
    code: 'run.broken',
    message: 'The run was ended from outside, or broke: by hand',
  });
});

test('aborting ends only the waiting for a result', async () => {
  const controller = new AbortController();
  const result = () => {
    controller.abort(new Error('enough'));
    return Promise.reject(grpcError(1, 'cancelled'));
  };
  const control = createControl({ client: fakeClient({ handle: { result } }) });
  await expect(control.result(RUN, { signal: controller.signal })).rejects.toThrow('enough');
});
