import { z } from 'zod';
import { action, HOUR, MINUTE, type ActionSpec } from './action.ts';
import { onPlan, plan } from './vro-inputs.ts';
import {
  licenseUsage,
  planExecution,
  planList,
  planSummary,
  planVms,
  recoveryLocations,
  settledPlan,
  testedPlan,
} from './vro-outputs.ts';

const reads = { effect: 'read', impact: 'none', undo: 'none', timeoutMs: 10 * MINUTE } as const;
const watches = { effect: 'watch', impact: 'none', undo: 'none' } as const;

/** What a runbook can ask Veeam Recovery Orchestrator. */
export const VRO_READS = {
  'vro.plan': action({
    ...onPlan,
    ...reads,
    summary: 'Reads how a plan stands.',
    input: z.strictObject({ plan }),
    output: planSummary,
  }),
  'vro.plans': action({
    ...reads,
    system: 'vro',
    summary: 'Lists the plans that the account may see.',
    input: z.strictObject({
      nameContains: z.string().min(1).max(200).optional(),
      planType: z.string().min(1).max(50).optional().meta({ description: 'e.g. Replica or Restore' }),
      onlyEnabled: z.boolean().default(false),
    }),
    output: planList,
  }),
  'vro.planVms': action({
    ...onPlan,
    ...reads,
    summary: 'Lists the machines of a plan and how each came through, one page at a time.',
    input: z.strictObject({
      plan,
      start: z.int().min(0).default(0),
      // Names are long in some places, and a page has to stay below the size of a result.
      limit: z.int().min(1).max(100).default(100),
      onlyFailed: z.boolean().default(false).meta({ description: 'only machines that ended with errors' }),
    }),
    output: planVms,
  }),
  'vro.runtimeDetails': action({
    ...onPlan,
    ...reads,
    summary:
      'Reads the current or last execution of a plan: groups, and failed machines down to their steps.',
    input: z.strictObject({ plan }),
    output: planExecution,
  }),
  'vro.recoveryLocations': action({
    ...reads,
    system: 'vro',
    summary: 'Lists the recovery locations.',
    input: z.strictObject({ type: z.string().min(1).max(50).optional() }),
    output: recoveryLocations,
  }),
  'vro.licenseUsage': action({
    ...reads,
    system: 'vro',
    summary: 'Reads how many license instances the server uses.',
    input: z.strictObject({}),
    output: licenseUsage,
  }),
  'vro.waitUntilStable': action({
    ...onPlan,
    ...watches,
    summary: 'Watches a plan until nothing runs on it any more.',
    timeoutMs: 4 * HOUR,
    input: z.strictObject({ plan }),
    output: settledPlan,
  }),
  'vro.watchTest': action({
    ...onPlan,
    ...watches,
    summary: "Watches a plan's DataLab test, which somebody starts in VRO, to its result.",
    timeoutMs: 8 * HOUR,
    input: z.strictObject({ plan }),
    output: testedPlan,
  }),
} as const satisfies Record<string, ActionSpec>;
