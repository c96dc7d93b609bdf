import { z } from 'zod';
import { action, HOUR, MINUTE, type ActionSpec } from './action.ts';
import { onPlan, plan, settles, STABLE } from './vro-inputs.ts';
import { planCommanded, scheduledPlan } from './vro-outputs.ts';

/** A command that is done when VRO has taken it. */
const atOnce = { ...onPlan, effect: 'command', timeoutMs: 2 * MINUTE, output: planCommanded } as const;

/** What keeps a plan fit to be run: enabling, checking, resetting, scheduling. */
export const VRO_UPKEEP = {
  'vro.enable': action({
    ...atOnce,
    summary: 'Enables a plan, so that it can be run.',
    impact: 'none',
    undo: 'clean',
    input: z.strictObject({ plan }),
    legal: { states: ['default'], confidence: 'A' },
    leavesEnabled: true,
  }),
  'vro.disable': action({
    ...atOnce,
    summary: 'Disables a plan, so that nobody can run it.',
    // A production plan that is disabled cannot fail over when it must.
    impact: 'production',
    undo: 'clean',
    input: z.strictObject({ plan }),
    legal: { states: ['default'], confidence: 'A' },
    leavesEnabled: false,
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
  'vro.reset': action({
    ...settles,
    summary: 'Resets a plan to its default state, disabled; the infrastructure stays as it is.',
    impact: 'production',
    undo: 'none',
    timeoutMs: 30 * MINUTE,
    input: z.strictObject({ plan, readinessCheck: z.boolean().default(false) }),
    legal: { states: STABLE, confidence: 'A' },
    leadsTo: ['default'],
    doneIn: ['default'],
    leavesEnabled: false,
  }),
  'vro.schedulePlan': action({
    ...atOnce,
    summary: 'Schedules a plan to run at a time, or after another plan.',
    // The plan will fail over without another question.
    impact: 'production',
    undo: 'clean',
    input: z
      .strictObject({
        plan,
        at: z.iso.datetime({ offset: true }).optional().meta({ description: 'when it runs' }),
        after: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .meta({ description: 'name or id of the plan before it' }),
      })
      .refine(({ at, after }) => (at === undefined) !== (after === undefined), {
        error: 'give exactly one of `at` and `after`',
      }),
    output: scheduledPlan,
    legal: { states: ['default'], enabled: true, confidence: 'C' },
  }),
  'vro.unschedulePlan': action({
    ...atOnce,
    summary: "Removes a plan's schedule; one without is fine.",
    // Whoever counts on the schedule finds that nothing ran.
    impact: 'production',
    undo: 'none',
    input: z.strictObject({ plan }),
    output: scheduledPlan,
  }),
  'vro.clonePlan': action({
    ...atOnce,
    summary: 'Makes a copy of a plan under another name.',
    impact: 'none',
    undo: 'none',
    input: z.strictObject({
      plan,
      name: z.string().min(1).max(200).meta({ description: 'of the copy' }),
      description: z.string().max(1_000).default(''),
    }),
  }),
} as const satisfies Record<string, ActionSpec>;
