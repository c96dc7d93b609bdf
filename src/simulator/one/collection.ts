import type { Clock } from '../clock.ts';
import { SimulatorError } from '../errors.ts';
import type { OneSpec } from '../scenario/one-spec.ts';
import type { Schedule } from './schedule.ts';
import { everyMinutes, nextRun, periodOf, scheduleSchema } from './schedule.ts';

/** One data collection. Times are simulated milliseconds. */
export interface CollectionRun {
  /** Counts on, over all collections there ever were. */
  readonly id: number;
  readonly startedAt: number;
  /** When it is over, which may lie in the future. */
  readonly endsAt: number;
  /** Stopped by hand: it brought nothing. */
  readonly stopped: boolean;
}

/** Veeam ONE's collecting: it answers about restore points as they were when it last collected. */
export interface Collection {
  /** The moment that is shown: the start of the newest collection that has been completed. */
  asOf(): number;
  /** What happened, oldest first; only the last ones are kept. */
  runs(): readonly CollectionRun[];
  /** The collection that runs now. */
  running(): CollectionRun | undefined;
  /** When the next one starts; undefined when only by hand. */
  nextAt(): number | undefined;
  schedule(): Schedule;
  /** Changes some of the schedule's properties. Throws `INVALID_REQUEST`. */
  reschedule(change: Readonly<Record<string, unknown>>): Schedule;
  /** Starts one now, unless one runs. Answers whether it did. */
  start(): boolean;
  /** Stops the one that runs. Answers whether one did. */
  stop(): boolean;
  /** As it was when the simulator started, but now. */
  reset(): void;
}

/** How many collections are remembered. */
const KEEP = 100;

export function createCollection({
  clock,
  spec: { everyMinutes: minutes, takesSeconds },
}: {
  clock: Clock;
  spec: OneSpec['collection'];
}): Collection {
  const takesMs = takesSeconds * 1000;
  let runs: CollectionRun[] = [];
  let lastId = 0;
  let schedule = everyMinutes(minutes, clock.now());
  let next: number | undefined;

  const add = (startedAt: number, endsAt: number): void => {
    lastId += 1;
    runs = [...runs.slice(1 - KEEP), { id: lastId, startedAt, endsAt, stopped: false }];
  };
  const reset = (): void => {
    const now = clock.now();
    runs = [];
    schedule = everyMinutes(minutes, now);
    add(now, now);
    next = nextRun(schedule, now);
  };
  /** Plays the collections that have come due since somebody last looked. */
  const catchUp = (): number => {
    const now = clock.now();
    const period = periodOf(schedule);
    if (next !== undefined && period !== undefined) {
      const missed = Math.max(0, Math.floor((now - next) / period) - KEEP);
      lastId += missed;
      next += missed * period;
    }
    while (next !== undefined && next <= now) {
      // The next one waits for one that was started by hand.
      const startedAt = Math.max(next, runs.at(-1)?.endsAt ?? next);
      if (startedAt > now) break;
      const later = nextRun(schedule, startedAt);
      add(startedAt, Math.min(startedAt + takesMs, later ?? Infinity));
      next = later;
    }
    return now;
  };
  const running = (now: number): CollectionRun | undefined =>
    runs.find((run) => !run.stopped && run.endsAt > now);

  reset();
  return {
    asOf: () => {
      const now = catchUp();
      return runs.findLast((run) => !run.stopped && run.endsAt <= now)?.startedAt ?? now;
    },
    runs: () => {
      catchUp();
      return runs;
    },
    running: () => running(catchUp()),
    nextAt: () => {
      catchUp();
      return next;
    },
    schedule: () => schedule,
    reschedule: (change) => {
      const now = catchUp();
      const parsed = scheduleSchema.safeParse({ ...schedule, ...change });
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new SimulatorError(
          'INVALID_REQUEST',
          `The schedule is invalid: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
        );
      }
      schedule = parsed.data;
      next = nextRun(schedule, now);
      return schedule;
    },
    start: () => {
      const now = catchUp();
      if (running(now) !== undefined) return false;
      add(now, now + takesMs);
      return true;
    },
    stop: () => {
      const now = catchUp();
      const current = running(now);
      if (current === undefined) return false;
      runs = runs.map((run) => (run === current ? { ...run, stopped: true, endsAt: now } : run));
      return true;
    },
    reset,
  };
}
