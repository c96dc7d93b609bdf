import type { z } from 'zod';
import type { stepDetailRecord } from './schemas/execution.ts';
import type { recoveryPlan } from './schemas/plan.ts';
import type { recoveryToken, recoveryTokenPage } from './schemas/recovery-token.ts';
import type {
  groupRuntimeDetails,
  planRuntimeDetails,
  stepRuntimeDetails,
  vmRuntimeDetails,
} from './schemas/runtime-details.ts';

/** The vendor's objects as this layer hands them out. Unknown fields are kept, unknown enum values stay strings. */
export type RecoveryPlan = z.infer<typeof recoveryPlan>;
export type PlanRuntimeDetails = z.infer<typeof planRuntimeDetails>;
export type GroupRuntimeDetails = z.infer<typeof groupRuntimeDetails>;
export type VmRuntimeDetails = z.infer<typeof vmRuntimeDetails>;
export type StepRuntimeDetails = z.infer<typeof stepRuntimeDetails>;
export type StepDetailRecord = z.infer<typeof stepDetailRecord>;
export type RecoveryToken = z.infer<typeof recoveryToken>;
export type RecoveryTokenPage = z.infer<typeof recoveryTokenPage>;
