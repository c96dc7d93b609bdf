import { z } from 'zod';
import { CONTINUE_OPTIONS } from '../model/vote.ts';
import { action, HOUR, MINUTE, type ActionSpec, type LegalStates } from './action.ts';
import { planCommanded, planSummary, settledPlan } from './vro-outputs.ts';

const plan = z.string().min(1).max(200).meta({ description: 'name or id of the plan' });
const onPlan = { system: 'vro', target: { kind: 'plan', input: 'plan' } } as const;
const settles = {
  ...onPlan,
  effect: 'command',
  settlesBy: 'vro.waitUntilStable',
  output: settledPlan,
} as const;

/** Plans in these states hold nothing that a reset or undo would have to end first. */
const STABLE = [
  'default',
  'halted',
  'failover',
  'failback',
  'prepareToFailback',
  'undone',
  'committed',
  'permanent',
  'restored',
] as const satisfies LegalStates['states'];

/** What a runbook can do with a plan of Veeam Recovery Orchestrator. */
export const VRO_ACTIONS = {
  'vro.plan': action({
    ...onPlan,
    summary: 'Reads how a plan stands.',
    effect: 'read',
    impact: 'none',
    undo: 'none',
    timeoutMs: 10 * MINUTE,
    input: z.strictObject({ plan }),
    output: planSummary,
  }),
  'vro.waitUntilStable': action({
    ...onPlan,
    summary: 'Watches a plan until nothing runs on it any more.',
    effect: 'watch',
    impact: 'none',
    undo: 'none',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({ plan }),
    output: settledPlan,
  }),
  'vro.enable': action({
    ...onPlan,
    summary: 'Enables a plan, so that it can be run.',
    effect: 'command',
    impact: 'none',
    undo: 'clean',
    timeoutMs: 2 * MINUTE,
    input: z.strictObject({ plan }),
    output: planCommanded,
    legal: { states: ['default'], confidence: 'A' },
  }),
  'vro.disable': action({
    ...onPlan,
    summary: 'Disables a plan, so that nobody can run it.',
    effect: 'command',
    // A production plan that is disabled cannot fail over when it must.
    impact: 'production',
    undo: 'clean',
    timeoutMs: 2 * MINUTE,
    input: z.strictObject({ plan }),
    output: planCommanded,
    legal: { states: ['default'], confidence: 'A' },
  }),
  'vro.readinessCheck': action({
    ...settles,
    summary: "Runs VRO's own readiness check of a plan and watches it to its end.",
    impact: 'none',
    undo: 'none',
    timeoutMs: 1 * HOUR,
    input: z.strictObject({ plan, report: z.boolean().default(false) }),
    legal: { states: ['default'], confidence: 'A' },
    leadsTo: ['default'],
  }),
  'vro.failover': action({
    ...settles,
    summary: 'Fails a replica, CDP or storage plan over and watches it until it is stable.',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({
      plan,
      restorePoint: z
        .union([z.literal('latest'), z.iso.datetime({ offset: true })])
        .default('latest')
        .meta({ description: '`latest`, or the time of the restore point' }),
      chainedPlans: z
        .boolean()
        .default(false)
        .meta({ description: 'also run the plans scheduled after this one' }),
      protectStorageVolumes: z.boolean().default(false),
    }),
    legal: { states: ['default'], enabled: true, confidence: 'C' },
    leadsTo: ['failover'],
  }),
  'vro.halt': action({
    ...settles,
    summary: 'Halts what a plan is doing; running steps end first.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 1 * HOUR,
    input: z.strictObject({ plan, fullStop: z.boolean().default(true) }),
    legal: { states: ['active'], confidence: 'C' },
  }),
  'vro.continue': action({
    ...settles,
    summary: 'Goes on with a halted plan in one of the ways VRO offers.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({ plan, option: z.enum(CONTINUE_OPTIONS) }),
    legal: { states: ['halted'], confidence: 'C' },
  }),
  'vro.undo': action({
    ...settles,
    summary: 'Undoes a failover, failback or halted run; what was written on the replicas meanwhile is lost.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: z.strictObject({ plan }),
    legal: { states: ['failover', 'failback', 'prepareToFailback', 'halted'], confidence: 'A' },
    // Undoing a failback leads back to the failover.
    leadsTo: ['default', 'undone', 'failover'],
  }),
  'vro.failback': action({
    ...settles,
    summary: 'Fails a plan back to its source VMs (FailbackToProduction).',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 8 * HOUR,
    input: z.strictObject({
      plan,
      location: z.uuid().optional().meta({ description: 'id of the recovery location to fail back to' }),
      restoreVmTags: z.boolean().default(false),
    }),
    legal: { states: ['failover'], confidence: 'A' },
    leadsTo: ['failback'],
  }),
  'vro.commitFailback': action({
    ...settles,
    summary: 'Commits a failback. It cannot be undone.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: z.strictObject({ plan }),
    legal: { states: ['failback'], confidence: 'A' },
    leadsTo: ['committed'],
    irreversible: true,
  }),
  'vro.reset': action({
    ...settles,
    summary: 'Resets a plan to its default state, disabled; the infrastructure stays as it is.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 30 * MINUTE,
    input: z.strictObject({ plan, readinessCheck: z.boolean().default(false) }),
    legal: { states: STABLE, confidence: 'A' },
    leadsTo: ['default'],
  }),
} as const satisfies Record<string, ActionSpec>;
