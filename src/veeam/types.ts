import type { z } from 'zod';
import type { stepDetailRecord } from './schemas/execution.ts';
import type { licenseUsage } from './schemas/license-usage.ts';
import type { mfaSecret } from './schemas/mfa-secret.ts';
import type { planGroup, planStep, planVm, stepParameter } from './schemas/plan-contents.ts';
import type { recoveryPlan } from './schemas/plan.ts';
import type { recoveryLocation } from './schemas/recovery-location.ts';
import type { recoveryToken, recoveryTokenPage } from './schemas/recovery-token.ts';
import type {
  groupRuntimeDetails,
  planRuntimeDetails,
  stepRuntimeDetails,
  vmRuntimeDetails,
} from './schemas/runtime-details.ts';
import type { vroScope, yaraRule } from './schemas/vro-scope.ts';

/** The vendor's objects as this layer hands them out. Unknown fields are kept, unknown enum values stay strings. */
export type RecoveryPlan = z.infer<typeof recoveryPlan>;
export type PlanRuntimeDetails = z.infer<typeof planRuntimeDetails>;
export type GroupRuntimeDetails = z.infer<typeof groupRuntimeDetails>;
export type VmRuntimeDetails = z.infer<typeof vmRuntimeDetails>;
export type StepRuntimeDetails = z.infer<typeof stepRuntimeDetails>;
export type StepDetailRecord = z.infer<typeof stepDetailRecord>;
export type PlanGroup = z.infer<typeof planGroup>;
export type PlanVm = z.infer<typeof planVm>;
export type PlanStep = z.infer<typeof planStep>;
export type StepParameter = z.infer<typeof stepParameter>;
export type RecoveryLocation = z.infer<typeof recoveryLocation>;
export type VroScope = z.infer<typeof vroScope>;
export type YaraRule = z.infer<typeof yaraRule>;
export type LicenseUsage = z.infer<typeof licenseUsage>;
export type MfaSecret = z.infer<typeof mfaSecret>;
export type RecoveryToken = z.infer<typeof recoveryToken>;
export type RecoveryTokenPage = z.infer<typeof recoveryTokenPage>;
