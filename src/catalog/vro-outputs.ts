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
  state: z.string().meta({ description: "VRO's code, e.g. Ready or FailoverComplete" }),
  stateName: z.string().meta({ description: "VRO's own words for it" }),
  mode: z.string().meta({ description: 'Enabled, Disabled or InUse' }),
  verification: z.string().meta({ description: 'Verified, NotVerified or NeedsVerified' }),
  lastResult: z.string().meta({ description: 'Success, Warning, Error or Undefined' }),
});

/** What a command answers that is not watched. */
export const planCommanded = z.object({
  plan: z.object({ id: z.string(), name: z.string() }),
  stateName: z.string(),
});

/** How a plan's schedule stands after a command on it. */
export const scheduledPlan = planCommanded.extend({
  schedule: z.string().meta({ description: 'when or after which plan it runs; empty: not at all' }),
});

/** The plans of a server, in the order of their names. */
export const planList = z.object({
  plans: z.array(planSummary.omit({ state: true })),
  total: z.int(),
  more: z.int().meta({ description: 'how many plans are not listed' }),
});

/** One machine of a plan, in the plan's current or last execution. */
const planVm = z.object({
  group: z.string(),
  vm: z.string(),
  isCritical: z.boolean(),
  result: z.string().meta({ description: 'Success, Warning, Error or Undefined' }),
});

/** One page of a plan's machines. */
export const planVms = z.object({
  vms: z.array(planVm),
  total: z.int().meta({ description: 'machines that match, on all pages' }),
  more: z.int().meta({ description: 'how many come after this page' }),
});

/** The current or last execution of a plan, down to the steps that failed. */
export const planExecution = settledPlan.omit({ polls: true }).extend({
  running: z.boolean(),
  progress: z.number().meta({ description: 'percent' }),
  groups: z.array(
    z.object({ name: z.string(), result: z.string(), vms: z.int(), errors: z.int(), warnings: z.int() }),
  ),
  moreGroups: z.int().meta({ description: 'how many groups are not listed' }),
});

/** How a DataLab test of a plan ended. */
export const testedPlan = z.object({
  plan: z.object({ id: z.string(), name: z.string() }),
  result: z.string(),
  stateName: z.string(),
  failed: z.array(failedVm),
  more: z.int(),
  polls: z.int(),
});

export const recoveryLocations = z.object({
  locations: z.array(
    z.object({ id: z.string(), name: z.string(), type: z.string(), availability: z.string() }),
  ),
  total: z.int(),
  more: z.int(),
});

export const licenseUsage = z.object({
  managedInstances: z.int(),
  newInstances: z.int(),
});
