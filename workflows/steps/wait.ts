import { ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import { parseDuration } from '../../src/model/duration.ts';
import { parseMoment } from '../../src/model/moment.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { WaitStep, WaitUntil } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import type { StepEnd } from '../records.ts';
import { nextTimeOfDay } from '../window.ts';

/** Waits for a time. The end is absolute, so that continuing as new neither shortens nor lengthens it. */
export async function runWait(engine: Engine, step: WaitStep, record: StepRecord): Promise<StepEnd> {
  record.dueAt ??= await endOf(engine, step);
  // Always a timer, though the time may have come: after a local activity a replay may see another time.
  const remainingMs = Math.max(1, record.dueAt - engine.now());
  await engine.interruption.interruptible(() => sleep(remainingMs));
  return { outcome: 'succeeded' };
}

/** Milliseconds since 1970. @throws ApplicationFailure `step.badInput` */
async function endOf(engine: Engine, { path, durationMs, duration, until }: WaitStep): Promise<number> {
  if (until !== undefined) return momentOf(engine, path, until);
  if (duration === undefined) return engine.now() + (durationMs ?? 0);
  const value = engine.scope.at(path).value(duration);
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms !== undefined) return engine.now() + ms;
  throw badInput(`${JSON.stringify(value)} is no duration such as 90s, 15m, 2h or 1d.`);
}

async function momentOf(engine: Engine, path: string, until: WaitUntil): Promise<number> {
  if ('time' in until) return nextTimeOfDay(engine, until);
  const value = engine.scope.at(path).value(until.moment);
  const at = typeof value === 'string' ? parseMoment(value) : undefined;
  if (at !== undefined) return at;
  throw badInput(`${JSON.stringify(value)} is no moment such as 2025-01-31T22:00Z.`);
}

function badInput(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'step.badInput');
}
