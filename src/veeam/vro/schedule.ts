import type { CommandOptions } from '../calls.ts';
import { accepted } from './accepted.ts';
import type { Accepted } from './accepted.ts';
import type { ScanOptions } from './scan-options.ts';
import type { VroCalls } from './vro-calls.ts';

/** `startTime`: ISO date. The scan options are for restore plans. */
export type SaveTimeBody = ScanOptions & { readonly startTime: string };

/** `previousPlanId`: the plan after which this one runs. */
export type SaveRunAfterBody = ScanOptions & { readonly previousPlanId: string };

/** When a plan runs by itself. A plan has one schedule at most; the plan must be enabled. */
export interface Schedule {
  /** Runs the plan once at a time. */
  saveTime(planId: string, body: SaveTimeBody, options?: CommandOptions): Promise<Accepted>;
  /** Runs the plan whenever another one has run. */
  saveRunAfter(planId: string, body: SaveRunAfterBody, options?: CommandOptions): Promise<Accepted>;
  delete(planId: string, options?: CommandOptions): Promise<Accepted>;
}

export function schedule(calls: VroCalls): Schedule {
  return {
    saveTime: (planId, body, options) =>
      calls.command('schedule.saveTime', { params: { planId }, body, result: accepted }, options),
    saveRunAfter: (planId, body, options) =>
      calls.command('schedule.saveRunAfter', { params: { planId }, body, result: accepted }, options),
    delete: (planId, options) =>
      calls.command('schedule.delete', { params: { planId }, result: accepted }, options),
  };
}
