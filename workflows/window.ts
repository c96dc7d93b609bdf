import { sleep } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { StepRecord, WindowFound } from '../src/model/run.ts';
import type { Window } from '../src/model/runbook.ts';
import type { Engine } from './engine.ts';

/**
 * Waits until the window of a step is open and enough of it is left. A window that passed while the run was about
 * something else is not made up for: the next one is waited for, or people are asked when the runbook says `hold`.
 * Which window it is, is found out in an activity: time zones are data of the host, and no replay may depend on them.
 *
 * @throws Suspended, Stopped; ApplicationFailure `step.windowMissed`
 */
export async function waitForWindow(engine: Engine, window: Window, record: StepRecord): Promise<void> {
  // Of a first attempt every window since the start of the run counts: one that passed since then was missed.
  const since = record.attempt > 1 ? engine.now() : engine.state.startedAt;
  // The first workflow task of an execution loads what it needs, and the time after that is not certain, either.
  if (record.window !== undefined && record.window.entered !== true) {
    await engine.interruption.interruptible(() => sleep(1));
  }
  record.window ??= await findWindow(engine, window, since);
  for (;;) {
    const { opensAt, beginBy, entered } = record.window;
    if (entered === true) return;
    const now = engine.now();
    if (now > beginBy) {
      const next = await findWindow(engine, window, now);
      // One is open right now, or nobody cares about the one before.
      if (next.opensAt > now && window.missed === 'hold' && beginBy > 0) throw missed(record.window, next);
      record.window = next;
    } else if (now < opensAt) {
      record.dueAt = opensAt;
      record.reason = `waits for its window, from ${window.from} to ${window.to} ${window.timezone}`;
      await engine.interruption.interruptible(() => sleep(opensAt - now));
    } else {
      record.window = { ...record.window, entered: true };
      delete record.dueAt;
      delete record.reason;
      return;
    }
  }
}

/** In place of a window that people were asked about: it does not count as missed once more. */
export function noWindow(): WindowFound {
  return { opensAt: 0, beginBy: 0 };
}

/** The next time that the clocks of a place show a time of the day. */
export async function nextTimeOfDay(
  engine: Engine,
  { time, timezone }: { readonly time: string; readonly timezone: string },
): Promise<number> {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const next = hour * 60 + minute + 1;
  const to = [Math.floor(next / 60) % 24, next % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const window: Window = { from: time, to, timezone, needsMs: 0, missed: 'wait' };
  return (await findWindow(engine, window, engine.now())).opensAt;
}

/** In an activity of its own: what the run does next depends on the time, which is certain only in a new workflow task. */
function findWindow(
  { activities, interruption }: Engine,
  window: Window,
  after: number,
): Promise<WindowFound> {
  return interruption.interruptible(() => activities['muster.nextWindow']({ window, after }));
}

function missed({ opensAt, beginBy }: WindowFound, next: WindowFound): ApplicationFailure {
  const at = (time: number): string => new Date(time).toISOString();
  return ApplicationFailure.create({
    message: `The window that opened at ${at(opensAt)} has passed: the step had to begin by ${at(beginBy)}. The next one opens at ${at(next.opensAt)}.`,
    type: 'step.windowMissed',
    nonRetryable: true,
    details: [{ opensAt: at(opensAt), beginBy: at(beginBy), nextOpensAt: at(next.opensAt) }],
  });
}
