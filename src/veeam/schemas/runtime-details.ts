import { z } from 'zod';
import { execution, result } from './execution.ts';
import { openEnum } from './open-enum.ts';
import { planType } from './plan.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const count = z.number().nullish();

/** `GET /RuntimeDetails/Plans/{planId}`. Decide on the flags: state codes are mostly undocumented. */
export const planRuntimeDetails = z.looseObject({
  ...execution,
  state: z.string(),
  stateName: text,
  stateOrder: text,
  isRunningState: z.boolean(),
  isStableState: z.boolean(),
  isUndoPossible: flag,
  isReversePossible: flag,
  resultName: text,
  isEditingByCurrentUser: flag,
  currentEditingUser: text,
  lastStableState: text,
  lastStableStateName: text,
  /** Percent. */
  totalProgress: count,
  currentRunResult: result.nullish(),
  currentTestResult: result.nullish(),
  currentCheckResult: result.nullish(),
  planType: planType.nullish(),
  planMode: openEnum<'Enabled'>().nullish(),
  planVerificationState: text,
  recoveryLocationId: text,
  siteScopeId: text,
  siteScopeName: text,
  recoveryToNewLocation: flag,
  roles: z.array(openEnum<'DRSiteAdmin' | 'DRPlanAuthor' | 'DRPlanOperator'>()).nullish(),
  vendor: text,
});

const tally = { successCount: count, warningCount: count, errorCount: count, totalCount: count };

/** An item of `GET /RuntimeDetails/Plans/{planId}/Groups`. */
export const groupRuntimeDetails = z.looseObject({
  ...execution,
  ...tally,
  groupType: openEnum<'VmGroup'>().nullish(),
  isProtected: flag,
  isParallel: flag,
  parallelProcessingVmsCount: count,
  vmsCriticality: openEnum<'AllNotCritical'>().nullish(),
  vcenter: text,
  datacenter: text,
  virtualGroupType: openEnum<'Normal'>().nullish(),
  groupCategory: openEnum<'Tag'>().nullish(),
  executionType: openEnum<'Replica'>().nullish(),
});

/** An item of `GET /RuntimeDetails/Plans/{planId}/Groups/{groupId}`. */
export const vmRuntimeDetails = z.looseObject({
  ...execution,
  ...tally,
  voId: count,
  /** A failed step of a critical VM halts the plan. */
  isCritical: flag,
  number: count,
  isWebConsoleAvailable: flag,
  sourceMissing: flag,
});

/** An item of the two `…/Steps` collections. */
export const stepRuntimeDetails = z.looseObject({
  ...execution,
  actionType: openEnum<'CheckVmLicense'>().nullish(),
  hidden: flag,
  stepDefinitionUid: text,
});
