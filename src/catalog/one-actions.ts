import { z } from 'zod';
import { action, durationText, HOUR, MINUTE, type ActionSpec } from './action.ts';
import { alarmInfo, collectedData, openAlarms, resolvedAlarms, rpoFinding } from './one-outputs.ts';

const reads = {
  system: 'one',
  effect: 'read',
  impact: 'none',
  undo: 'none',
  timeoutMs: 10 * MINUTE,
} as const;
const names = z.array(z.string().min(1).max(200)).min(1).max(1_000);

/** What a runbook can do with Veeam ONE. */
export const ONE_ACTIONS = {
  'one.checkRpo': action({
    ...reads,
    summary: 'Fails when the newest restore point of a machine is older than its target.',
    input: z.strictObject({
      target: durationText.meta({ description: 'the most a restore point may be old: 15m, 24h' }),
      vms: names.optional().meta({ description: 'names of machines; default: all that are protected' }),
      source: z
        .enum(['any', 'replica', 'backup'])
        .default('any')
        .meta({ description: 'which restore points count' }),
    }),
    output: rpoFinding,
  }),
  'one.waitForFreshData': action({
    system: 'one',
    effect: 'watch',
    impact: 'none',
    undo: 'none',
    summary: 'Waits until Veeam ONE has collected data anew, so that what it says is of now.',
    timeoutMs: 1 * HOUR,
    input: z.strictObject({
      maxAge: durationText.optional().meta({
        description:
          'how old the last collection may be when the step begins; absent: the next is waited for',
      }),
    }),
    output: collectedData,
  }),
  'one.openAlarms': action({
    ...reads,
    summary: 'Lists the alarms that are open, the worst first.',
    input: z.strictObject({
      objects: names.optional().meta({ description: 'only alarms of these objects' }),
      nameContains: z.string().min(1).max(200).optional(),
      severity: z
        .enum(['Error', 'Warning', 'Information'])
        .default('Warning')
        .meta({ description: 'the least that is listed' }),
      expectNone: z.boolean().default(false).meta({ description: 'fail when one is listed' }),
    }),
    output: openAlarms,
  }),
  'one.resolveAlarms': action({
    system: 'one',
    target: { kind: 'alarm', input: 'alarms' },
    effect: 'command',
    impact: 'isolated',
    undo: 'none',
    summary: 'Resolves or acknowledges alarms, with a comment.',
    timeoutMs: 5 * MINUTE,
    input: z.strictObject({
      alarms: z.array(z.int()).min(1).max(500).meta({ description: 'ids, as one.openAlarms lists them' }),
      how: z.enum(['resolve', 'acknowledge']).default('resolve'),
      comment: z.string().min(1).max(500),
    }),
    output: resolvedAlarms,
  }),
  'one.alarm': action({
    ...reads,
    summary: 'Reads one alarm.',
    input: z.strictObject({ alarm: z.int() }),
    output: alarmInfo,
  }),
} as const satisfies Record<string, ActionSpec>;
