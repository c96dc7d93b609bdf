import { z } from 'zod';
import { CONTINUE_OPTIONS } from '../model/vote.ts';
import { action, HOUR, type ActionSpec } from './action.ts';
import { plan, restorePoint, settles } from './vro-inputs.ts';

const location = z.uuid().optional().meta({ description: 'id of the recovery location' });
const failbackInput = z.strictObject({
  plan,
  location: location.meta({ description: 'id of the recovery location to fail back to' }),
  restoreVmTags: z.boolean().default(false),
});
const chainedPlans = z
  .boolean()
  .default(false)
  .meta({ description: 'also run the plans scheduled after this one' });

/** What makes a plan move machines: failover, restore, failback, and the ways out of each. */
export const VRO_RUNS = {
  'vro.failover': action({
    ...settles,
    summary: 'Fails a replica, CDP or storage plan over and watches it until it is stable.',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({
      plan,
      restorePoint,
      chainedPlans,
      protectStorageVolumes: z.boolean().default(false),
    }),
    legal: { states: ['default'], enabled: true, confidence: 'C' },
    leadsTo: ['failover'],
  }),
  'vro.restore': action({
    ...settles,
    summary:
      'Runs a restore or cloud plan, with a malware scan if wanted, and watches it until it is stable.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 8 * HOUR,
    input: z.strictObject({
      plan,
      location: location.meta({ description: "id of the recovery location; default: the plan's own" }),
      restorePoint,
      chainedPlans,
      virusScan: z
        .boolean()
        .default(false)
        .meta({ description: 'scan the restore points with an antivirus' }),
      yaraScan: z.boolean().default(false),
      yaraRule: z.uuid().optional().meta({ description: 'id of the YARA rule; see the scope in VRO' }),
      scanPoints: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'how many restore points may be scanned until a clean one is found' }),
      onMalware: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: "VRO's own word (`ransomwareAction`)" }),
    }),
    legal: { states: ['default'], enabled: true, confidence: 'B' },
    leadsTo: ['restored'],
  }),
  'vro.halt': action({
    ...settles,
    summary: 'Halts what a plan is doing; running steps end first.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 1 * HOUR,
    input: z.strictObject({ plan, fullStop: z.boolean().default(true) }),
    legal: { states: ['active'], confidence: 'C' },
    leadsFrom: { active: ['halted'] },
    doneIn: ['halted'],
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
    leadsFrom: {
      failover: ['undone'],
      failback: ['failover'],
      prepareToFailback: ['failover'],
      halted: ['undone'],
    },
    doneIn: ['default', 'undone'],
  }),
  'vro.failback': action({
    ...settles,
    summary: 'Fails a plan back to its source VMs (FailbackToProduction).',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 8 * HOUR,
    input: failbackInput,
    legal: { states: ['failover'], confidence: 'A' },
    leadsTo: ['failback'],
  }),
  'vro.prepareFailback': action({
    ...settles,
    summary: 'Brings the source VMs up to date, so that the switch back is short (PrepareToFailback).',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 12 * HOUR,
    input: failbackInput.extend({ quickRollback: z.boolean().default(false) }),
    legal: { states: ['failover'], confidence: 'A' },
    leadsTo: ['prepareToFailback'],
  }),
  'vro.switchover': action({
    ...settles,
    summary: 'Switches from the replicas to the prepared source VMs (SwitchoverToProduction).',
    impact: 'production',
    undo: 'discardsChanges',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({ plan }),
    legal: { states: ['prepareToFailback'], confidence: 'GUESS' },
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
  'vro.permanentFailover': action({
    ...settles,
    summary: 'Makes a failover permanent: the replicas become the machines. It cannot be undone.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 2 * HOUR,
    input: z.strictObject({ plan }),
    legal: { states: ['failover'], confidence: 'A' },
    leadsTo: ['permanent'],
    irreversible: true,
  }),
} as const satisfies Record<string, ActionSpec>;
