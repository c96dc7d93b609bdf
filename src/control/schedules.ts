import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
} from '@temporalio/client';
import type { Launched, LaunchInput } from '../model/launch.ts';
import { LAUNCH_WORKFLOW, TASK_QUEUE } from '../../workflows/messages.ts';
import { ControlError } from './errors.ts';
import { attributesOf } from './search-attributes.ts';
import { translateError } from './translate-error.ts';

const CALL_DEADLINE_MS = 10_000;
/** A time that was missed for longer than this, because Temporal was away, is left out. */
const CATCH_UP = '10 minutes';
/** A launch is seconds long; one that hangs must not keep the schedule from the next time for ever. */
const LAUNCH_TIMEOUT = '30 minutes';
/** Which muster a schedule belongs to: several may share a namespace. */
const QUEUE = 'musterTaskQueue';

/** A schedule that is in force. Times are milliseconds since 1970. */
export interface ListedSchedule {
  /** `runbook/name`. */
  readonly id: string;
  readonly launch: LaunchInput;
  readonly paused: boolean;
  /** Who paused or resumed it last, and why. */
  readonly note?: string;
  /** Up to ten, as Temporal says. */
  readonly next: readonly number[];
  /** How many of its times Temporal let go by, since then: it was away for too long to begin them. Absent: none. */
  readonly missed?: { readonly count: number; readonly since: number };
}

/** For tests: an interval instead of the cron, and another time at which it begins. */
export interface TestSpec {
  readonly everyMs: number;
}

/** Schedules, as Temporal keeps them. Everything here throws {@link ControlError}. */
export interface ScheduleControl {
  /** By id. */
  list(): Promise<readonly ListedSchedule[]>;
  find(id: string): Promise<ListedSchedule | undefined>;
  /** Puts a schedule in force, or changes the one of this id; one that is paused stays so. It never starts anything. */
  put(launch: LaunchInput, test?: TestSpec): Promise<void>;
  remove(id: string): Promise<void>;
  pause(id: string, note: string): Promise<void>;
  resume(id: string, note: string): Promise<void>;
  /** Starts a launch now, also of one that is paused. */
  trigger(id: string): Promise<void>;
}

type LaunchWorkflow = (input: LaunchInput) => Promise<Launched>;

/** Makes the control of schedules over a client, which stays the caller's. */
export function createScheduleControl({
  client,
  taskQueue = TASK_QUEUE,
}: {
  readonly client: Client;
  readonly taskQueue?: string;
}): ScheduleControl {
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + CALL_DEADLINE_MS, act);
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) {
        throw new ControlError('schedule.notFound', undefined, { cause: error });
      }
      throw translateError(error, 'server');
    }
  };
  const handleOf = (id: string): ScheduleHandle => client.schedule.getHandle(temporalId(taskQueue, id));

  return {
    list: () =>
      call(async () => {
        const found: ListedSchedule[] = [];
        for await (const { scheduleId, memo } of client.schedule.list()) {
          if (memo?.[QUEUE] !== taskQueue) continue;
          const listed = await describe(client.schedule.getHandle(scheduleId));
          if (listed !== undefined) found.push(listed);
        }
        return found.sort((a, b) => (a.id < b.id ? -1 : 1));
      }),
    find: (id) => call(() => describe(handleOf(id))),

    put: (launch, test) =>
      call(async () => {
        const { schedule: id } = launch;
        const parts = { ...specOf(launch, test), action: actionOf(launch, taskQueue), policies: POLICIES };
        try {
          await client.schedule.create({
            ...parts,
            scheduleId: temporalId(taskQueue, id),
            memo: { [QUEUE]: taskQueue },
          });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw error;
          await handleOf(id).update<LaunchWorkflow>(({ state }) => ({ ...parts, state }));
        }
      }),
    remove: (id) =>
      call(() =>
        handleOf(id)
          .delete()
          .then(() => undefined),
      ),
    pause: (id, note) => call(() => handleOf(id).pause(note)),
    resume: (id, note) => call(() => handleOf(id).unpause(note)),
    trigger: (id) => call(() => handleOf(id).trigger(ScheduleOverlapPolicy.SKIP)),
  };
}

const POLICIES = {
  overlap: ScheduleOverlapPolicy.SKIP,
  catchupWindow: CATCH_UP,
  pauseOnFailure: false,
} as const;

/** The queue is part of it: two musters may know a runbook of the same name. */
function temporalId(taskQueue: string, id: string): string {
  return `${taskQueue}:${id}`;
}

function specOf({ cron, timezone }: LaunchInput, test: TestSpec | undefined) {
  if (test !== undefined) return { spec: { intervals: [{ every: test.everyMs }] } };
  return { spec: { cronExpressions: [cron], timezone } };
}

function actionOf(launch: LaunchInput, taskQueue: string) {
  return {
    type: 'startWorkflow' as const,
    workflowType: LAUNCH_WORKFLOW,
    // Temporal adds the time to it.
    workflowId: `launch:${temporalId(taskQueue, launch.schedule)}`,
    taskQueue,
    args: [launch] as [LaunchInput],
    workflowRunTimeout: LAUNCH_TIMEOUT,
    typedSearchAttributes: attributesOf(launch),
  };
}

/** Undefined for one that was removed meanwhile, or whose action is not ours. */
async function describe(handle: ScheduleHandle): Promise<ListedSchedule | undefined> {
  let found: ScheduleDescription;
  try {
    found = await handle.describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
  const { action, state, info } = found;
  if (action.workflowType !== LAUNCH_WORKFLOW) return undefined;
  // It was put there by `put`; who can write to Temporal's schedules can start anything anyway.
  const launch = action.args?.[0] as LaunchInput | undefined;
  if (launch === undefined) return undefined;
  return {
    id: launch.schedule,
    launch,
    paused: state.paused,
    ...(state.note === undefined || state.note === '' ? {} : { note: state.note }),
    next: info.nextActionTimes.map((date) => date.getTime()),
    ...(info.numActionsMissedCatchupWindow > 0 && {
      missed: { count: info.numActionsMissedCatchupWindow, since: info.createdAt.getTime() },
    }),
  };
}
