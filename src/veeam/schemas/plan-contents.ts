import { z } from 'zod';
import { openEnum } from './open-enum.ts';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const count = z.number().nullish();

/**
 * A group of a plan, an item of `GET /Plans/{planId}/Groups`. The vendor does not publish its properties; the optional
 * ones are those of the runtime details of the same group.
 */
export const planGroup = z.looseObject({
  id: z.string().min(1),
  name: text,
  groupType: openEnum<'VmGroup'>().nullish(),
  virtualGroupType: openEnum<'Normal'>().nullish(),
  groupCategory: openEnum<'Tag' | 'CustomHvGroup' | 'ScvmmCustomProperty' | 'HvVmJob'>().nullish(),
  executionType: openEnum<'Replica'>().nullish(),
  vmsCriticality: openEnum<'AllNotCritical'>().nullish(),
  isParallel: flag,
  parallelProcessingVmsCount: count,
  isProtected: flag,
  totalCount: count,
});

/** An item of `GET /Plans/{planId}/Groups/{groupId}/Vms`. */
export const planVm = z.looseObject({
  id: z.string().min(1),
  name: text,
  voId: count,
  /** Place in the group. */
  number: count,
  isCritical: flag,
  sourceMissing: flag,
});

/** An item of the two `…/Steps` collections of a plan. */
export const planStep = z.looseObject({
  id: z.string().min(1),
  name: text,
  actionType: openEnum<'CheckVmLicense'>().nullish(),
  hidden: flag,
  stepDefinitionUid: text,
});

/** A setting of a step. The vendor publishes neither its properties nor that it has an id. */
export const stepParameter = z.looseObject({
  id: text,
  name: text,
  description: text,
  value: z.unknown().optional(),
});
