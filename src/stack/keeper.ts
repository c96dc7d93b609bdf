import { createAuditor, type AuditAlarm } from '../client/auditor.ts';
import { deliverWaiting } from '../client/in-process.ts';
import { raiseMissed } from '../client/missed-schedules.ts';
import { pruneLedger } from '../client/retention-desk.ts';
import type { RetentionConfig } from '../config/index.ts';
import { sumUpRuns } from '../client/sum-up.ts';
import { ControlError, type Control } from '../control/index.ts';
import type { Logger } from '../observe/logger.ts';
import { sealLedger, type Sealing } from '../ledger/index.ts';
import { without } from '../model/json.ts';
import type { Stores } from '../store/index.ts';
import { every, type Chore, type PauseFor } from './every.ts';

/** A vote that could not be delivered is tried again this often. */
const DELIVER_EVERY_MS = 1_000;
/** How late the record of runs may learn that one has ended. */
const LOOK_EVERY_MS = 5_000;
/** How old what no checkpoint has fixed may become; the end of a run is fixed at once. */
const SEAL_EVERY_MS = 60_000;
/** How often Temporal is asked which times of schedules it has let go by. */
const MISSED_EVERY_MS = 5 * 60_000;
/** How often it is looked at what is old enough to go. */
const PRUNE_EVERY_MS = 24 * 3_600_000;
/** How often it is looked at which runs are to be audited. */
const AUDIT_EVERY_MS = 60_000;
/** How long a secret may outlive its time. */
const PURGE_EVERY_MS = 30_000;
/** What came of a run that has ended is read in milliseconds. */
const RESULT_MS = 10_000;
/** A run that Temporal does not know so long after it was noted was never started. */
const NEVER_STARTED_MS = 10 * 60_000;

/** Keeps the store and Temporal together: brings votes that wait to their runs, and notes which runs have ended. */
export interface Keeper {
  /** Waits for what it is doing. */
  stop(): Promise<void>;
}

/** Starts it. Several may run side by side: what they do is done once, or twice without harm. */
export function startKeeper({
  control,
  stores,
  sealing,
  logger,
  retention,
  onFound = () => undefined,
  pause,
}: {
  control: Control;
  stores: Stores;
  sealing: Sealing;
  logger: Logger;
  /** How long what is recorded is kept; absent: for ever. */
  retention?: RetentionConfig;
  /** Told of everything that the audit finds, once; it is logged in any case. */
  onFound?: (alarm: AuditAlarm) => Promise<void> | void;
  /** For tests: between two times of each thing that it does. */
  pause?: PauseFor;
}): Keeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const auditor = createAuditor({
    control,
    stores,
    now: Date.now,
    onFound: (alarm) => {
      logger.error(alarm, 'the audit has found what muster did not do, or did not record');
      return onFound(alarm);
    },
  });
  const chores: readonly Chore[] = [
    {
      everyMs: DELIVER_EVERY_MS,
      async work() {
        await deliverWaiting({ control, votes: stores.votes }, Date.now());
      },
    },
    {
      everyMs: LOOK_EVERY_MS,
      async work() {
        const ended = await noteEnds({ control, stores, signal });
        if (ended > 0) await seal(sealing, logger);
      },
    },
    // By itself: what is entered while Temporal is away is to be fixed, too.
    { everyMs: SEAL_EVERY_MS, work: () => seal(sealing, logger) },
    {
      everyMs: MISSED_EVERY_MS,
      work: () => raiseMissed({ schedules: control.schedules, findings: stores.findings, now: Date.now }),
    },
    // By itself: without a worker, each run is waited for in vain.
    {
      everyMs: LOOK_EVERY_MS,
      async work() {
        const summedUp = await sumUpRuns({ control, stores, sealing, now: Date.now }, { signal });
        if (summedUp > 0) await seal(sealing, logger);
      },
    },
    {
      everyMs: AUDIT_EVERY_MS,
      async work() {
        await auditor.look({ signal });
      },
    },
    {
      everyMs: PURGE_EVERY_MS,
      async work() {
        const purged = await stores.secrets.purge(Date.now());
        if (purged > 0) logger.info({ purged }, 'secrets whose time is over were purged');
      },
    },
    ...(retention?.automatic === true
      ? [{ everyMs: PRUNE_EVERY_MS, work: () => prune(retention, { stores, sealing, logger }) }]
      : []),
  ];
  const loops = chores.map((chore) =>
    every(chore, { signal, logger, ...(pause !== undefined && { pause }) }),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function prune(
  retention: RetentionConfig,
  { stores, sealing, logger }: { stores: Stores; sealing: Sealing; logger: Logger },
): Promise<void> {
  const policy = without(retention, ['automatic']);
  const { id, entries } = await pruneLedger({ dryRun: false }, { stores, sealing, policy, now: Date.now });
  if (id !== undefined) logger.info({ pruning: id, entries }, 'what is older than is kept was removed');
}

/** Notes the end of runs that were open when last looked at. @returns how many have ended */
export async function noteEnds({
  control,
  stores,
  signal,
}: {
  control: Control;
  stores: Stores;
  /** Ends it between two runs. */
  signal?: AbortSignal;
}): Promise<number> {
  const noted = await stores.runs.open();
  let ended = 0;
  if (noted.length === 0) return ended;
  const open = await control.openRuns();
  for (const { runId, firstExecutionId, startedAt } of noted) {
    if (isAborted(signal)) break;
    if (open.has(runId)) continue;
    const found = await describeIfThere(runId, control);
    if (found === undefined) {
      // Noted, and then not started: whoever started it was told.
      if (Date.now() - startedAt < NEVER_STARTED_MS) continue;
      await stores.runs.end(runId, { endedAt: startedAt, outcome: 'terminated' });
      continue;
    }
    const { state, endedAt } = found;
    if (endedAt === undefined) continue;
    const outcome = isOutcome(state) ? state : 'terminated';
    const inTime = AbortSignal.timeout(RESULT_MS);
    const rto = await control
      .result(runId, { signal: signal === undefined ? inTime : AbortSignal.any([signal, inTime]) })
      .then(({ achievedRtoMs }) => achievedRtoMs)
      .catch(() => undefined);
    // It is asked again: its end is noted once.
    if (isAborted(signal)) break;
    ended += 1;
    await stores.runs.end(runId, {
      endedAt,
      outcome,
      ...(rto !== undefined && { achievedRtoMs: rto }),
    });
    if (firstExecutionId !== undefined) await stores.gates.closeAll(firstExecutionId);
  }
  return ended;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** A ledger that was rewritten is an alarm, and not to be signed; a witness that is away is asked again. */
async function seal(sealing: Sealing, logger: Logger): Promise<void> {
  const sealed = await sealLedger(sealing);
  for (const error of sealed?.troubles ?? []) {
    const isAlarm = error.code === 'witness.rollback' || error.code === 'witness.splitView';
    logger[isAlarm ? 'error' : 'warn']({ err: error }, 'a witness has not cosigned');
  }
}

async function describeIfThere(runId: string, control: Control) {
  try {
    return await control.describe(runId);
  } catch (error) {
    if (error instanceof ControlError && error.code === 'run.notFound') return undefined;
    throw error;
  }
}

const OUTCOMES = ['succeeded', 'warned', 'failed', 'skipped', 'cancelled', 'rejected'] as const;

function isOutcome(state: string): state is (typeof OUTCOMES)[number] {
  return (OUTCOMES as readonly string[]).includes(state);
}
