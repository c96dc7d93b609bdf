import { ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import { parseDuration } from '../../src/model/duration.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { WaitStep, WaitUntil } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import type { StepEnd } from '../records.ts';
import { nextTimeOfDay } from '../window.ts';

/** As a runbook or a person writes a moment: a date, a time, and whose clock is meant. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Waits for a time. The end is absolute, so that continuing as new neither shortens nor lengthens it. */
export async function runWait(engine: Engine, step: WaitStep, record: StepRecord): Promise<StepEnd> {
  record.dueAt ??= await endOf(engine, step);
  const remainingMs = record.dueAt - engine.now();
  if (remainingMs > 0) await engine.interruption.interruptible(() => sleep(remainingMs));
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
  const at = typeof value === 'string' && MOMENT.test(value) ? Date.parse(value) : NaN;
  if (Number.isFinite(at)) return at;
  throw badInput(`${JSON.stringify(value)} is no moment such as 2025-01-31T22:00Z.`);
}

function badInput(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'step.badInput');
}
