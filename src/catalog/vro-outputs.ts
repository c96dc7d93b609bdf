import { z } from 'zod';

/** A VM that did not come through, down to the step that failed. */
export const failedVm = z.object({
  group: z.string(),
  vm: z.string(),
  isCritical: z.boolean(),
  step: z.string(),
  info: z.string().meta({ description: "VRO's own words (`friendlyInfo`)" }),
});
export type FailedVm = z.infer<typeof failedVm>;

/** How a plan stands after it has settled. Bounded: of the failed VMs only the first, critical ones first. */
export const settledPlan = z.object({
  plan: z.object({ id: z.string(), name: z.string() }),
  state: z.string(),
  stateName: z.string(),
  result: z.string().meta({ description: 'Success, Warning, Error or Undefined' }),
  resultName: z.string(),
  counts: z.object({ groups: z.int(), vms: z.int(), succeeded: z.int(), warnings: z.int(), errors: z.int() }),
  failed: z.array(failedVm),
  more: z.int().meta({ description: 'how many failed VMs are not listed' }),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  polls: z.int(),
});
export type SettledPlan = z.infer<typeof settledPlan>;

/** A plan as `GET /Plans/{id}` shows it. */
export const planSummary = z.object({
  id: z.string(),
  name: z.string(),
  planType: z.string(),
  state: z.string(),
  stateName: z.string(),
  mode: z.string(),
  verification: z.string(),
  lastResult: z.string(),
});

/** What a command answers that is not watched. */
export const planCommanded = z.object({
  plan: z.object({ id: z.string(), name: z.string() }),
  stateName: z.string(),
});
