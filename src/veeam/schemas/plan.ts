import { z } from 'zod';
import { result } from './execution.ts';
import { openEnum } from './open-enum.ts';

/** All strings: the vendor documents some values and adds others between versions. */
export const planType = openEnum<'Restore' | 'Replica' | 'Storage' | 'HyperV'>();

/** A plan as `GET /Plans` lists it. Only id and name are promised; the rest differs between versions. */
export const recoveryPlan = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  planType: planType.nullish(),
  /** Opaque code, see `stateName` for people. */
  state: z.string().nullish(),
  stateName: z.string().nullish(),
  planMode: openEnum<'Enabled'>().nullish(),
  planVerificationState: z.string().nullish(),
  resultName: z.string().nullish(),
  lastStableState: z.string().nullish(),
  lastStableStateName: z.string().nullish(),
  currentTestResult: result.nullish(),
  currentCheckResult: result.nullish(),
  lastCheckResult: result.nullish(),
  recoveryLocationId: z.string().nullish(),
  recoveryLocationName: z.string().nullish(),
  recoveryLocationType: z.string().nullish(),
  containsAgentGroups: z.boolean().nullish(),
  groupsType: z.string().nullish(),
  previousExecutionState: z.string().nullish(),
  reportTemplateId: z.string().nullish(),
  serverId: z.string().nullish(),
  siteScopeId: z.string().nullish(),
  siteScopeName: z.string().nullish(),
});
