import { z } from 'zod';
import { MODES, PURPOSES } from '../../model/runbook.ts';
import type { PeriodRun } from './period-types.ts';

const text = z.string();
const ms = z.number();
const count = z.int().nonnegative();
const measure = z.object({
  verdict: z.enum(['met', 'missed', 'notMeasured', 'notPromised']),
  achievedMs: ms.exactOptional(),
  targetMs: ms.exactOptional(),
});

/** What is kept of a run for reports of periods, as it is read. */
export const periodRunSchema = z.object({
  runId: text,
  runbook: text,
  title: text,
  mode: z.enum(MODES),
  purpose: z.enum(PURPOSES),
  starter: text,
  startedAt: ms,
  endedAt: ms.exactOptional(),
  state: text,
  rto: measure,
  rpo: measure,
  approvals: count,
  brokenGlass: count,
  deviations: count,
  findings: count,
  checks: count,
  isSwitched: z.boolean(),
  isRestored: z.boolean().exactOptional(),
  isSealed: z.boolean(),
}) satisfies z.ZodType<PeriodRun>;
