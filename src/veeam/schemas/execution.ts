import { z } from 'zod';
import { openEnum } from './open-enum.ts';

/** `Undefined` means: has not run yet. */
export const result = openEnum<'Undefined' | 'Success' | 'Warning' | 'Error'>();

/** One line of the log of a plan, group, VM or step. */
export const stepDetailRecord = z.looseObject({
  friendlyInfo: z.string().nullish(),
  level: openEnum<'Normal' | 'Critical'>().nullish(),
  severity: openEnum<'Success' | 'Warning' | 'Error'>().nullish(),
  /** ISO date. */
  timestamp: z.string().nullish(),
});

const executionResult = z.looseObject({
  result: result.nullish(),
  details: z
    .array(stepDetailRecord)
    .nullish()
    .transform((details) => details ?? []),
  startTime: z.string().nullish(),
  finishTime: z.string().nullish(),
});

/** What plans, groups, VMs and steps have in common while they run. */
export const execution = {
  id: z.string().min(1),
  name: z.string(),
  /** Percent. */
  progress: z.number().nullish(),
  /** `Completed` is documented, other values are not. */
  executionState: z.string(),
  executionResult: executionResult.nullish(),
};
