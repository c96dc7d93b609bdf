import { z } from 'zod';
import { parseMoment } from '../model/moment.ts';
import type { LegalStates } from './action.ts';
import { settledPlan } from './vro-outputs.ts';

/** What the actions on plans have in common. */
export const plan = z.string().min(1).max(200).meta({ description: 'name or id of the plan' });
export const onPlan = { system: 'vro', target: { kind: 'plan', input: 'plan' } } as const;

/** A command that is watched until the plan is stable. */
export const settles = {
  ...onPlan,
  effect: 'command',
  settlesBy: 'vro.waitUntilStable',
  output: settledPlan,
} as const;

const moment = z
  .string()
  .refine((text) => parseMoment(text) !== undefined, 'expected a time such as 2025-01-31T22:00Z')
  .meta({ format: 'date-time' });

export const restorePoint = z
  .union([z.literal('latest'), moment])
  .default('latest')
  .meta({ description: '`latest`, or the time of the restore point: `2025-01-31T22:00Z`' });

/** Plans in these states hold nothing that a reset or undo would have to end first. */
export const STABLE = [
  'default',
  'halted',
  'failover',
  'failback',
  'prepareToFailback',
  'undone',
  'committed',
  'permanent',
  'restored',
] as const satisfies LegalStates['states'];
