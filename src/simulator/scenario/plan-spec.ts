import { z } from 'zod';
import { stableId } from '../ids.ts';

/** Seconds of simulated time. */
const seconds = z.number().positive();
const id = z.guid().toLowerCase().optional();
const name = z.string().min(1);

const stepSchema = z.strictObject({
  id,
  name,
  actionType: z.string().min(1).default('CustomStep'),
  seconds,
  /** Its failure is an error of its machine, which halts the plan when the machine is critical; else a warning. */
  isCritical: z.boolean().default(false),
  /** Parameters of its own, besides those every step has. */
  parameters: z.record(z.string(), z.string()).default({}),
});

const vmSchema = z.strictObject({
  id,
  name,
  /** Default: as its group. */
  isCritical: z.boolean().optional(),
  /** What a malware scan of its restore points finds. */
  malware: z.enum(['Clean', 'Suspicious', 'Infected']).default('Clean'),
  steps: z.array(stepSchema).min(1),
});

/** An inventory group has machines; a virtual one has steps of its own instead. */
const groupSchema = z
  .strictObject({
    id,
    name,
    isCritical: z.boolean().default(false),
    vms: z.array(vmSchema).default([]),
    steps: z.array(stepSchema).default([]),
  })
  .refine(({ vms, steps }) => (vms.length === 0) !== (steps.length === 0), {
    error: 'a group has either `vms` or, being a virtual group, `steps`',
  });

export const PLAN_TYPES = ['Replica', 'CDPReplica', 'Restore', 'Storage', 'Cloud'] as const;

/** A plan as a scenario writes it down. */
export const planSchema = z.strictObject({
  id,
  name,
  description: z.string().default(''),
  planType: z.enum(PLAN_TYPES).default('Replica'),
  mode: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  verification: z.enum(['NeedsVerified', 'NotVerified', 'Verified']).default('Verified'),
  /** Name of its scope; default: the scenario's first. */
  scope: name.optional(),
  /** Name of its recovery location; default: the scenario's first. */
  recoveryLocation: name.optional(),
  contactName: z.string().default(''),
  contactEmail: z.string().default(''),
  contactTel: z.string().default(''),
  /** Objectives in minutes. */
  targetRPO: z.int().positive().default(1440),
  targetRTO: z.int().positive().default(60),
  /** Of the storage, for storage plans. */
  vendor: z.enum(['Unknown', 'NetApp', 'HPE']).default('Unknown'),
  /** How long everything but failover, restore and test takes; those take as long as their steps. */
  durations: z
    .strictObject({
      check: seconds.default(60),
      undo: seconds.default(120),
      failback: seconds.default(300),
      prepareToFailback: seconds.default(300),
      switchover: seconds.default(60),
      commitFailback: seconds.default(60),
      permanentFailover: seconds.default(60),
      reset: seconds.default(5),
      /** What each machine's malware scan adds to a restore. */
      scan: seconds.default(30),
      /** Before a test's first step, and after its last. */
      testPending: seconds.default(10),
      testPowerOff: seconds.default(30),
    })
    .prefault({}),
  groups: z.array(groupSchema).min(1),
});

type ParsedPlan = z.output<typeof planSchema>;

export type StepSpec = Readonly<Omit<z.output<typeof stepSchema>, 'id'> & { id: string }>;
export type VmSpec = Readonly<{
  id: string;
  name: string;
  isCritical: boolean;
  malware: 'Clean' | 'Suspicious' | 'Infected';
  steps: readonly StepSpec[];
}>;
export type GroupSpec = Readonly<{
  id: string;
  name: string;
  isCritical: boolean;
  vms: readonly VmSpec[];
  /** Of a virtual group; empty for an inventory group. */
  steps: readonly StepSpec[];
}>;
export type PlanType = (typeof PLAN_TYPES)[number];
export type PlanSpec = Readonly<
  Omit<ParsedPlan, 'id' | 'groups'> & {
    id: string;
    scopeId: string;
    recoveryLocationId: string;
    groups: readonly GroupSpec[];
  }
>;

/** Gives everything in a plan its id. */
export function withIds(plan: ParsedPlan, place: { scopeId: string; recoveryLocationId: string }): PlanSpec {
  const planId = plan.id ?? stableId(`plan/${plan.name}`);
  const identified = (owner: string, step: ParsedPlan['groups'][number]['steps'][number]): StepSpec => ({
    ...step,
    id: step.id ?? stableId(`${planId}/${owner}/step/${step.name}`),
  });
  return {
    ...plan,
    ...place,
    id: planId,
    groups: plan.groups.map((group) => ({
      ...group,
      id: group.id ?? stableId(`${planId}/group/${group.name}`),
      steps: group.steps.map((step) => identified(`group/${group.name}`, step)),
      vms: group.vms.map((vm) => ({
        ...vm,
        id: vm.id ?? stableId(`${planId}/vm/${vm.name}`),
        isCritical: vm.isCritical ?? group.isCritical,
        steps: vm.steps.map((step) => identified(`vm/${vm.name}`, step)),
      })),
    })),
  };
}
