import { z } from 'zod';

/** A machine whose newest restore point is too old, or that has none. */
const missedRpo = z.object({
  vm: z.string(),
  newest: z
    .string()
    .nullable()
    .meta({ description: 'time of the newest restore point; null: there is none' }),
  ageMinutes: z.int().nullable(),
});
export type MissedRpo = z.infer<typeof missedRpo>;

/** What was found about restore points. Bounded: of the failed machines only the worst are listed. */
export const rpoFinding = z.object({
  result: z.enum(['Success', 'Error']),
  target: z.string(),
  counts: z.object({ vms: z.int(), met: z.int(), missed: z.int() }),
  oldestMinutes: z
    .int()
    .nullable()
    .meta({ description: 'age of the oldest newest point; null: nothing was checked' }),
  failed: z.array(missedRpo),
  more: z.int().meta({ description: 'how many machines that failed are not listed' }),
});
export type RpoFinding = z.infer<typeof rpoFinding>;

export const collectedData = z.object({
  collectedAt: z.string().meta({ description: 'when the last collection ended' }),
  polls: z.int(),
});

/** An alarm as Veeam ONE shows it. */
export const alarmInfo = z.object({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  object: z.string(),
  objectType: z.string(),
  since: z.string(),
  description: z.string(),
});

/** The open alarms. Bounded: only the worst and newest are listed. */
export const openAlarms = z.object({
  counts: z.object({ errors: z.int(), warnings: z.int(), information: z.int() }),
  alarms: z.array(alarmInfo),
  more: z.int().meta({ description: 'how many alarms are not listed' }),
});

export const resolvedAlarms = z.object({
  alarms: z.array(z.int()),
  how: z.string(),
});
