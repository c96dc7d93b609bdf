import type { CallOptions } from '../calls.ts';
import type { Page } from '../paging.ts';
import { stepDetailRecord } from '../schemas/execution.ts';
import {
  groupRuntimeDetails,
  planRuntimeDetails,
  stepRuntimeDetails,
  vmRuntimeDetails,
} from '../schemas/runtime-details.ts';
import type {
  GroupRuntimeDetails,
  PlanRuntimeDetails,
  StepDetailRecord,
  StepRuntimeDetails,
  VmRuntimeDetails,
} from '../types.ts';
import { idOf } from './vro-calls.ts';
import type { VroCollectOptions, VroCalls } from './vro-calls.ts';

/**
 * What a plan is doing, or did last. The Orchestrator forgets all of it when it reboots.
 * Collections are read page by page; `data` shorter than `total` means that the limit cut it.
 */
export interface RuntimeDetails {
  plan(planId: string, options?: CallOptions): Promise<PlanRuntimeDetails>;
  groups(planId: string, options?: VroCollectOptions): Promise<Page<GroupRuntimeDetails>>;
  /** The VMs of an inventory group. */
  groupVms(planId: string, groupId: string, options?: VroCollectOptions): Promise<Page<VmRuntimeDetails>>;
  /** The steps of a virtual group. */
  groupSteps(planId: string, groupId: string, options?: VroCollectOptions): Promise<Page<StepRuntimeDetails>>;
  vmSteps(planId: string, vmId: string, options?: VroCollectOptions): Promise<Page<StepRuntimeDetails>>;
  /** The log of one step. */
  step(planId: string, stepId: string, options?: VroCollectOptions): Promise<Page<StepDetailRecord>>;
}

export function runtimeDetails(calls: VroCalls): RuntimeDetails {
  return {
    plan: (planId, options) =>
      calls.read('runtimeDetails.plan', { params: { planId }, schema: planRuntimeDetails }, options),
    groups: (planId, options) =>
      calls.collect(
        'runtimeDetails.groups',
        { params: { planId }, item: groupRuntimeDetails, keyOf: idOf },
        options,
      ),
    groupVms: (planId, groupId, options) =>
      calls.collect(
        'runtimeDetails.groupVms',
        { params: { planId, groupId }, item: vmRuntimeDetails, keyOf: idOf },
        options,
      ),
    groupSteps: (planId, groupId, options) =>
      calls.collect(
        'runtimeDetails.groupSteps',
        { params: { planId, groupId }, item: stepRuntimeDetails, keyOf: idOf },
        options,
      ),
    vmSteps: (planId, vmId, options) =>
      calls.collect(
        'runtimeDetails.vmSteps',
        { params: { planId, vmId }, item: stepRuntimeDetails, keyOf: idOf },
        options,
      ),
    // Lines of a log have no id, and equal lines are different lines.
    step: (planId, stepId, options) =>
      calls.collect('runtimeDetails.step', { params: { planId, stepId }, item: stepDetailRecord }, options),
  };
}
