import { sleep } from '@temporalio/workflow';
import type { StepRecord } from '../../src/model/run.ts';
import type { WaitStep } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import type { StepEnd } from '../records.ts';

/** Waits for a time. The end is absolute, so that continuing as new neither shortens nor lengthens it. */
export async function runWait(engine: Engine, step: WaitStep, record: StepRecord): Promise<StepEnd> {
  record.dueAt ??= engine.now() + step.durationMs;
  const remainingMs = record.dueAt - engine.now();
  if (remainingMs > 0) await engine.interruption.interruptible(() => sleep(remainingMs));
  return { outcome: 'succeeded' };
}
