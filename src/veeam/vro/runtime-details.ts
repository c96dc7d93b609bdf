import type { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { CallOptions, Route } from '../calls.ts';
import { collectPages } from '../paging.ts';
import type { Page } from '../paging.ts';
import type { Params } from '../path.ts';
import { stepDetailRecord } from '../schemas/execution.ts';
import { pageOf } from '../schemas/page.ts';
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

export type CollectOptions = CallOptions & {
  /** Most items to collect. Default: `limits.items` of the connection. */
  readonly limit?: number | undefined;
};

/**
 * What a plan is doing, or did last. The Orchestrator forgets all of it when it reboots.
 * Collections are read page by page; `data` shorter than `total` means that the limit cut it.
 */
export interface RuntimeDetails {
  plan(planId: string, options?: CallOptions): Promise<PlanRuntimeDetails>;
  groups(planId: string, options?: CollectOptions): Promise<Page<GroupRuntimeDetails>>;
  /** The VMs of an inventory group. */
  groupVms(planId: string, groupId: string, options?: CollectOptions): Promise<Page<VmRuntimeDetails>>;
  /** The steps of a virtual group. */
  groupSteps(planId: string, groupId: string, options?: CollectOptions): Promise<Page<StepRuntimeDetails>>;
  vmSteps(planId: string, vmId: string, options?: CollectOptions): Promise<Page<StepRuntimeDetails>>;
  /** The log of one step. */
  step(planId: string, stepId: string, options?: CollectOptions): Promise<Page<StepDetailRecord>>;
}

const PLAN = 'GET /RuntimeDetails/Plans/{planId}';

export function runtimeDetails(caller: Caller): RuntimeDetails {
  const collect = <T>(
    {
      call,
      params,
      item,
      keyOf,
    }: {
      call: Route<'GET'>;
      params: Params;
      item: z.ZodType<T>;
      keyOf?: (item: T) => string;
    },
    { limit = caller.limits.items, signal }: CollectOptions = {},
  ) => {
    const schema = pageOf(item);
    return collectPages<T>(
      (start, size) => caller.read({ call, params, query: { start, limit: size }, schema }, { signal }),
      keyOf === undefined ? { limit } : { limit, keyOf },
    );
  };
  const keyOf = ({ id }: { id: string }) => id;

  return {
    plan: (planId, options) =>
      caller.read({ call: PLAN, params: { planId }, schema: planRuntimeDetails }, options),
    groups: (planId, options) =>
      collect({ call: `${PLAN}/Groups`, params: { planId }, item: groupRuntimeDetails, keyOf }, options),
    groupVms: (planId, groupId, options) =>
      collect(
        { call: `${PLAN}/Groups/{groupId}`, params: { planId, groupId }, item: vmRuntimeDetails, keyOf },
        options,
      ),
    groupSteps: (planId, groupId, options) =>
      collect(
        {
          call: `${PLAN}/Groups/{groupId}/Steps`,
          params: { planId, groupId },
          item: stepRuntimeDetails,
          keyOf,
        },
        options,
      ),
    vmSteps: (planId, vmId, options) =>
      collect(
        { call: `${PLAN}/Vms/{vmId}/Steps`, params: { planId, vmId }, item: stepRuntimeDetails, keyOf },
        options,
      ),
    step: (planId, stepId, options) =>
      collect(
        { call: `${PLAN}/Steps/{stepId}`, params: { planId, stepId }, item: stepDetailRecord },
        options,
      ),
  };
}
