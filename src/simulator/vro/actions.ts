import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callOf } from '../fault-hooks.ts';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { readInput } from '../input.ts';
import type { Command } from '../world/plan.ts';
import { CONTINUE_OPTIONS } from '../world/plan.ts';

/** A body read: the command, and what was asked for, for the journal. */
interface Asked {
  readonly command: Command;
  readonly body: Readonly<Record<string, unknown>>;
}

const flag = z.boolean().default(false);
const noBody = z.object({});
const failoverBody = z.object({
  executeChainedPlans: flag,
  /** Null is the latest restore point. */
  restorePointDate: z.iso.datetime({ offset: true, local: true }).nullable().default(null),
  protectStorageVolumes: flag,
});
const failbackBody = z.object({
  restoreLocationId: z.guid().nullable().default(null),
  failbackRestoreVMTags: flag,
});
const continueBody = z.object({
  executionContinueOptions: z
    .string()
    .transform((text) => CONTINUE_OPTIONS.find((one) => one.toLowerCase() === text.toLowerCase()) ?? text)
    .pipe(z.enum(CONTINUE_OPTIONS)),
});
const resetBody = z.object({ executeReadinessCheck: flag });

function plain(action: Exclude<Command['action'], 'Continue' | 'ResetState'>, schema: z.ZodObject = noBody) {
  return (input: unknown): Asked => ({ command: { action }, body: readInput(schema, input) });
}

/** What each `POST /Plans/{planId}/<action>` reads from its body. */
const ACTIONS: Readonly<Record<Command['action'], (input: unknown) => Asked>> = {
  Enable: plain('Enable'),
  Disable: plain('Disable'),
  ReadinessCheck: plain('ReadinessCheck', z.object({ generateReport: flag })),
  Failover: plain('Failover', failoverBody),
  Halt: plain('Halt', z.object({ fullStop: flag })),
  Continue: (input) => {
    const body = readInput(continueBody, input);
    return { command: { action: 'Continue', option: body.executionContinueOptions }, body };
  },
  Undo: plain('Undo'),
  FailbackToProduction: plain('FailbackToProduction', failbackBody),
  CommitFailback: plain('CommitFailback'),
  ResetState: (input) => {
    const body = readInput(resetBody, input);
    return { command: { action: 'ResetState', ...body }, body };
  },
};

/** The commands on plans. They answer at once; what they start is seen in RuntimeDetails. */
export function addActionRoutes(app: FastifyInstance, { world, journal }: ServerContext): void {
  for (const [action, read] of Object.entries(ACTIONS)) {
    const path = `/Plans/:planId/${action}`;
    const call = callOf('POST', path);
    app.post<{ Params: { planId: string } }>(path, async (request) => {
      const target = world.plan(request.params.planId).spec.name;
      const { command, body } = read(request.body);
      if (world.command(target, command) && call !== undefined) {
        journal.record({ system: 'vro', call, target, by: clientOf(request), body });
      }
      return { success: true, data: null };
    });
  }
}
