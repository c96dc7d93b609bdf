import { setTimeout as delay } from 'node:timers/promises';
import { QueryNotRegisteredError, type Client, type WorkflowHandle } from '@temporalio/client';
import { WorkflowIdReusePolicy, type Workflow } from '@temporalio/common';
import type { Carried, RunInput, RunResult, StepRecord, Timeline, TimelineQuery } from '../model/run.ts';
import type { Mode } from '../model/runbook.ts';
import type { Verdict } from '../model/vote.ts';
import {
  cancelSignal,
  carriedQuery,
  RUNBOOK_WORKFLOW,
  stepQuery,
  TASK_QUEUE,
  timelineQuery,
  verdictQuery,
  voteSignal,
  wakeSignal,
} from '../../workflows/messages.ts';
import { ControlError } from './errors.ts';
import { stateOf } from './execution-state.ts';
import { memoOf, startOf } from './memo.ts';
import { pendingActivitiesOf, type PendingActivity } from './pending.ts';
import { assertRunId } from './run-id.ts';
import { begunExecutions, wholeRun, type BegunExecution, type WholeRun } from './executions.ts';
import { eachAtOnce } from './each-at-once.ts';
import { historiesOf, type ExecutionHistory } from './histories.ts';
import { attributesOf, OPEN_RUNS, readAttributes, visibilityQuery } from './search-attributes.ts';
import { createScheduleControl, type ScheduleControl } from './schedules.ts';
import { translateError, type CallKind } from './translate-error.ts';

/** A server on the same machine answers in milliseconds; what takes longer than this is not there. */
const CALL_DEADLINE_MS = 10_000;
/** A worker may have to replay a long history before it can answer: 2,000 reads take 5 s, more on a busy machine. */
const QUERY_DEADLINE_MS = 30_000;
/** All histories of one run, of which nobody waits: thousands of votes take a while. */
const WHOLE_RUN_DEADLINE_MS = 120_000;
/** Loading takes a few milliseconds. */
const BEGINNING_MS = 50;
/** Enough to tell a server that is gone from a worker that is. */
const PROBE_DEADLINE_MS = 2_000;
/** Temporal's default, written down: a workflow task of ours takes milliseconds. */
const WORKFLOW_TASK_TIMEOUT = '10 s';
/** Steps asked for at once: all there can be; the run answers with fewer when together they are large. */
const PAGE_SIZE = 5_000;
/** How often a run is read anew because a loop began meanwhile; after that it is shown as it was caught. */
const MAX_READINGS = 5;
const LIST_LIMIT = 50;
/** Signals under way at a time. */
const WAKES_AT_ONCE = 20;

/** A run in a list. Times are milliseconds since 1970. */
export interface ListedRun {
  readonly runId: string;
  readonly runbook: string;
  readonly mode: string;
  /** See execution-state.ts. */
  readonly state: string;
  /** The gate it waits at. */
  readonly waiting?: string;
  /** Of the run, however often it has continued as new since. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** Which runs a list is of. */
export interface ListFilter {
  readonly limit?: number;
  /** Only those of the runbook with this name that ended `succeeded` or `warned`, in this mode. */
  readonly endedWell?: { readonly runbook: string; readonly mode: Mode };
}

/** A run as the server knows it, without asking a worker. */
export interface RunDescription extends ListedRun {
  readonly activities: readonly PendingActivity[];
}

/** Temporal seen from outside. Everything here throws {@link ControlError}. */
export interface Control {
  /** Starts a run under an id that no run has had. @throws ControlError `run.exists` */
  start(input: RunInput, runId: string): Promise<{ readonly firstExecutionId: string }>;
  /**
   * The newest runs, newest first; a run that has continued as new lately is among them. What happened in the last second
   * may be missing.
   */
  list(filter?: ListFilter): Promise<readonly ListedRun[]>;
  describe(runId: string): Promise<RunDescription>;
  /** The whole run as it stands. */
  timeline(runId: string): Promise<Timeline>;
  /** One page of it. */
  timelinePage(runId: string, page: TimelineQuery): Promise<Timeline>;
  /** One step, whole; null when the run has no such step. */
  step(runId: string, path: string): Promise<StepRecord | null>;
  /** What became of a vote; null while it is not known. */
  verdict(runId: string, voteId: string): Promise<Verdict | null>;
  /** What another run needs to go on with this one. */
  carried(runId: string): Promise<Carried>;
  signalVote(runId: string, jws: string): Promise<void>;
  signalCancel(runId: string, jws: string): Promise<void>;
  /** The ids of all runs that go on; one that has just begun may be missing. */
  openRuns(): Promise<ReadonlySet<string>>;
  /** Lets every open run look at once whether it is still held back. It changes nothing of a run. */
  wake(): Promise<void>;
  /** Waits for the end of a run. @throws ControlError `run.broken`; the signal's reason when that ends the waiting */
  result(runId: string, options?: { readonly signal?: AbortSignal }): Promise<RunResult>;
  /** All executions of a run with their events, oldest first, as far as Temporal still has them. */
  histories(runId: string): Promise<readonly ExecutionHistory[]>;
  /** All there is of a run in Temporal, also what was reset or started again under its name. Without events: nothing. */
  everything(runId: string): Promise<WholeRun>;
  /** Executions on our queue that began after a time, in milliseconds since 1970, oldest first; very young ones may be missing. */
  begun(since: number): Promise<readonly BegunExecution[]>;
  readonly schedules: ScheduleControl;
}

type RunbookWorkflow = (input: RunInput) => Promise<RunResult>;

/** Makes the control over a client, which stays the caller's: its connection may be lazy, and the caller closes it. */
export function createControl({
  client,
  taskQueue = TASK_QUEUE,
}: {
  client: Client;
  /** Where runs are started. Default `muster`. */
  taskQueue?: string;
}): Control {
  const handleOf = <W extends Workflow = RunbookWorkflow>(runId: string): WorkflowHandle<W> => {
    assertRunId(runId);
    return client.workflow.getHandle<W>(runId);
  };

  const call = async <T>(
    act: () => Promise<T>,
    kind: CallKind = 'server',
    limitMs = kind === 'query' ? QUERY_DEADLINE_MS : CALL_DEADLINE_MS,
  ): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + limitMs, act);
    } catch (error) {
      throw translateError(error, kind);
    }
  };

  /** A query that nobody answers looks the same whether the worker or the server is gone: a second call tells. */
  const query = async <T>(
    runId: string,
    ask: (handle: WorkflowHandle<RunbookWorkflow>) => Promise<T>,
  ): Promise<T> => {
    const handle = handleOf(runId);
    const deadline = Date.now() + QUERY_DEADLINE_MS;
    try {
      for (;;) {
        try {
          return await call(() => ask(handle), 'query');
        } catch (error) {
          if (!isBeginning(error) || Date.now() > deadline) throw error;
          await delay(BEGINNING_MS);
        }
      }
    } catch (error) {
      if (!(error instanceof ControlError) || error.code !== 'run.unanswered') throw error;
      try {
        await client.withDeadline(Date.now() + PROBE_DEADLINE_MS, () => handle.describe());
      } catch (probeError) {
        throw translateError(probeError, 'server');
      }
      throw error;
    }
  };

  const describeRaw = (runId: string) => {
    const handle = handleOf(runId);
    return call(() => handle.describe());
  };

  const signal = async (runId: string, send: (handle: WorkflowHandle) => Promise<void>): Promise<void> => {
    const handle = handleOf<Workflow>(runId);
    try {
      await call(() => send(handle));
    } catch (error) {
      if (!(error instanceof ControlError) || error.code !== 'run.notFound') throw error;
      // Temporal says "not found" of a run that has ended, too.
      await describeRaw(runId);
      throw new ControlError('run.ended', undefined, { cause: error });
    }
  };

  const control: Control = {
    async start(input, runId) {
      assertRunId(runId);
      const handle = await call(() =>
        client.workflow.start<RunbookWorkflow>(RUNBOOK_WORKFLOW, {
          workflowId: runId,
          taskQueue,
          args: [input],
          workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          typedSearchAttributes: attributesOf(input),
          memo: memoOf({ startedAt: Date.now() }),
        }),
      );
      return { firstExecutionId: handle.firstExecutionRunId };
    },

    async openRuns() {
      return call(async () => {
        const ids = new Set<string>();
        for await (const { workflowId } of client.workflow.list({ query: OPEN_RUNS })) ids.add(workflowId);
        return ids;
      });
    },

    async wake() {
      await call(async () => {
        const open = client.workflow.list({ query: OPEN_RUNS });
        await eachAtOnce(open, WAKES_AT_ONCE, async ({ workflowId }) => {
          // A run that ended meanwhile has nothing to wake for; one that did not hear it looks by itself, later.
          await client.workflow
            .getHandle(workflowId)
            .signal(wakeSignal)
            .catch(() => undefined);
        });
      });
    },

    async list({ limit = LIST_LIMIT, endedWell } = {}) {
      return call(async () => {
        const runs: ListedRun[] = [];
        const executions = client.workflow.list({ query: visibilityQuery(endedWell), pageSize: limit });
        for await (const execution of executions) {
          runs.push(listed(execution));
          if (runs.length >= limit) break;
        }
        return runs.sort((a, b) => b.startedAt - a.startedAt);
      });
    },

    async describe(runId) {
      const description = await describeRaw(runId);
      const activities = await pendingActivitiesOf(description, client.options.loadedDataConverter);
      return { ...listed(description), activities };
    },

    timelinePage: (runId, page) => query(runId, (handle) => handle.query(timelineQuery, page)),

    async timeline(runId) {
      for (let reading = 1; ; reading += 1) {
        const { timeline, isWhole } = await readPages((from) =>
          control.timelinePage(runId, { from, limit: PAGE_SIZE }),
        );
        if (isWhole || reading === MAX_READINGS) return timeline;
      }
    },

    step: (runId, path) => query(runId, (handle) => handle.query(stepQuery, { path })),
    carried: (runId) => query(runId, (handle) => handle.query(carriedQuery)),
    verdict: (runId, id) => query(runId, (handle) => handle.query(verdictQuery, { id })),
    signalVote: (runId, jws) => signal(runId, (handle) => handle.signal(voteSignal, { jws })),
    signalCancel: (runId, jws) => signal(runId, (handle) => handle.signal(cancelSignal, { jws })),

    async result(runId, { signal: aborted } = {}) {
      const handle = handleOf(runId);
      try {
        return await (aborted === undefined
          ? handle.result()
          : client.withAbortSignal(aborted, () => handle.result()));
      } catch (error) {
        aborted?.throwIfAborted();
        throw translateError(error, 'server');
      }
    },

    async histories(runId) {
      assertRunId(runId);
      return call(() => historiesOf(client, runId));
    },
    async everything(runId) {
      assertRunId(runId);
      return call(() => wholeRun(client, runId), 'server', WHOLE_RUN_DEADLINE_MS);
    },
    async begun(since) {
      return call(() => begunExecutions(client, { taskQueue, since }));
    },
    schedules: createScheduleControl({ client, taskQueue }),
  };
  return control;
}

/**
 * All pages as one. They fit together while the run has the same steps, in their order; when a loop begins between two of
 * them, it is not whole: steps are missing, others twice.
 */
async function readPages(
  page: (from: number) => Promise<Timeline>,
): Promise<{ timeline: Timeline; isWhole: boolean }> {
  const first = await page(0);
  const steps = [...first.steps];
  let latest = first;
  while (steps.length < latest.total) {
    latest = await page(steps.length);
    if (latest.steps.length === 0) break;
    steps.push(...latest.steps);
  }
  const byPath = new Map(steps.map((step) => [step.path, step]));
  return {
    timeline: { ...latest, from: 0, steps: [...byPath.values()] },
    isWhole: latest.total === first.total,
  };
}

/** An execution that has just begun (the first, or the next after continue-as-new) is loading its runbook. */
function isBeginning(error: unknown): boolean {
  return error instanceof ControlError && error.cause instanceof QueryNotRegisteredError;
}

type Execution = Parameters<typeof stateOf>[0] & {
  readonly workflowId: string;
  readonly startTime: Date;
  readonly closeTime?: Date;
  readonly memo?: Record<string, unknown>;
};

function listed(execution: Execution): ListedRun {
  const { runbook = '?', mode = '?', waiting } = readAttributes(execution.typedSearchAttributes);
  const endedAt = execution.closeTime?.getTime();
  return {
    runId: execution.workflowId,
    runbook,
    mode,
    state: stateOf(execution),
    ...(waiting !== undefined && endedAt === undefined && { waiting }),
    startedAt: startOf(execution),
    ...(endedAt !== undefined && { endedAt }),
  };
}
