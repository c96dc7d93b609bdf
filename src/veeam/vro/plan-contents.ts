import type { Page } from '../paging.ts';
import { planGroup, planStep, planVm, stepParameter } from '../schemas/plan-contents.ts';
import type { PlanGroup, PlanStep, PlanVm, StepParameter } from '../types.ts';
import { idOf } from './vro-calls.ts';
import type { VroCollectOptions, VroCalls } from './vro-calls.ts';

/**
 * What a plan is made of, whether it runs or not. Collections are read page by page; `data` shorter than `total`
 * means that the limit cut it.
 */
export interface PlanContents {
  groups(planId: string, options?: VroCollectOptions): Promise<Page<PlanGroup>>;
  /** The VMs of an inventory group. */
  groupVms(planId: string, groupId: string, options?: VroCollectOptions): Promise<Page<PlanVm>>;
  /** The steps of a virtual group. */
  groupSteps(planId: string, groupId: string, options?: VroCollectOptions): Promise<Page<PlanStep>>;
  vmSteps(planId: string, vmId: string, options?: VroCollectOptions): Promise<Page<PlanStep>>;
  stepParameters(planId: string, stepId: string, options?: VroCollectOptions): Promise<Page<StepParameter>>;
}

export function planContents(calls: VroCalls): PlanContents {
  return {
    groups: (planId, options) =>
      calls.collect('planContents.groups', { params: { planId }, item: planGroup, keyOf: idOf }, options),
    groupVms: (planId, groupId, options) =>
      calls.collect(
        'planContents.groupVms',
        { params: { planId, groupId }, item: planVm, keyOf: idOf },
        options,
      ),
    groupSteps: (planId, groupId, options) =>
      calls.collect(
        'planContents.groupSteps',
        { params: { planId, groupId }, item: planStep, keyOf: idOf },
        options,
      ),
    vmSteps: (planId, vmId, options) =>
      calls.collect(
        'planContents.vmSteps',
        { params: { planId, vmId }, item: planStep, keyOf: idOf },
        options,
      ),
    stepParameters: (planId, stepId, options) =>
      calls.collect(
        'planContents.stepParameters',
        { params: { planId, stepId }, item: stepParameter },
        options,
      ),
  };
}
