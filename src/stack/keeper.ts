import { deliverWaiting } from '../client/in-process.ts';
import { ControlError, type Control } from '../control/index.ts';
import type { Logger } from '../observe/logger.ts';
import type { Stores } from '../store/index.ts';

/** A vote that could not be delivered is tried again this often. */
const DELIVER_EVERY_MS = 1_000;
/** How late the record of runs may learn that one has ended. */
const LOOK_EVERY_MS = 5_000;
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
  logger,
}: {
  control: Control;
  stores: Stores;
  logger: Logger;
}): Keeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops = [
    every(DELIVER_EVERY_MS, { signal, logger }, async () => {
      await deliverWaiting({ control, votes: stores.votes }, Date.now());
    }),
    every(LOOK_EVERY_MS, { signal, logger }, () => noteEnds({ control, stores })),
  ];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** Notes the end of runs that were open when last looked at. */
export async function noteEnds({ control, stores }: { control: Control; stores: Stores }): Promise<void> {
  const noted = await stores.runs.open();
  if (noted.length === 0) return;
  const open = await control.openRuns();
  for (const { runId, firstExecutionId, startedAt } of noted) {
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
    const rto = await control
      .result(runId)
      .then(({ achievedRtoMs }) => achievedRtoMs)
      .catch(() => undefined);
    await stores.runs.end(runId, {
      endedAt,
      outcome,
      ...(rto !== undefined && { achievedRtoMs: rto }),
    });
    if (firstExecutionId !== undefined) await stores.gates.closeAll(firstExecutionId);
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

/** Does something again and again. What fails is noted and tried again the next time: whatever was away comes back. */
async function every(
  ms: number,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
  work: () => Promise<void>,
): Promise<void> {
  let wasAway = false;
  while (!signal.aborted) {
    try {
      await work();
      wasAway = false;
    } catch (error) {
      if (!wasAway) logger.warn({ err: error }, 'the keeper has to try again');
      wasAway = true;
    }
    await pauseFor(ms, signal);
  }
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
