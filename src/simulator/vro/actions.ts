import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { clientOf } from '../context.ts';
import { callOf } from '../fault-hooks.ts';
import { readInput } from '../input.ts';
import type { Command } from '../world/commands.ts';
import type { VroContext } from './access.ts';
import { known, requireRight, visiblePlan } from './access.ts';
import type { Asked } from './action-bodies.ts';
import { ACTION_BODIES, readSaveRunAfter, readSaveTime } from './action-bodies.ts';

/** The answer to every command. Which operations have it is a guess: the vendor names the wrapper only. */
function accepted(data: unknown = null): Readonly<Record<string, unknown>> {
  return { success: true, data };
}

const cloneBody = z.object({
  name: z.string().trim().min(1).nullish(),
  description: z.string().nullish(),
});

interface PlanParams {
  planId: string;
}
type PlanRequest = FastifyRequest<{ Params: PlanParams }>;

/** The commands on plans. They answer at once; what they start is seen in RuntimeDetails. */
export function addActionRoutes(app: FastifyInstance, context: VroContext): void {
  const { world, journal } = context;

  /** Carries a command out and records it, if it changed anything. */
  const perform = (
    request: PlanRequest,
    call: string,
    read: (input: unknown) => Asked,
    input: unknown,
  ): void => {
    const { name: target } = visiblePlan(context, request, request.params.planId).spec;
    const { command, body } = read(input);
    requireRight(request, command.action);
    checkPlaces(request, command);
    const by = clientOf(request);
    if (world.command(target, command, { by })) journal.record({ system: 'vro', call, target, by, body });
  };
  const checkPlaces = (request: PlanRequest, command: Command): void => {
    if (command.action === 'Restore' && command.restoreLocationId !== undefined) {
      known('recovery location', command.restoreLocationId, world.scenario.vro.recoveryLocations);
    }
    if (command.action === 'Schedule' && command.schedule.kind === 'after') {
      visiblePlan(context, request, command.schedule.planId);
    }
  };

  for (const [action, read] of Object.entries(ACTION_BODIES)) {
    const path = `/Plans/:planId/${action}`;
    app.post<{ Params: PlanParams }>(path, async (request) => {
      perform(request, nameOf('POST', path), read, request.body);
      return accepted();
    });
  }

  // Older versions had the time and the plan in the query; what is in the body counts more.
  const schedules = { SaveTime: readSaveTime, SaveRunAfter: readSaveRunAfter } as const;
  for (const [kind, read] of Object.entries(schedules)) {
    const path = `/Plans/:planId/Schedule/${kind}`;
    app.put<{ Params: PlanParams }>(path, async (request) => {
      perform(request, nameOf('PUT', path), read, merged(request.query, request.body));
      return accepted();
    });
  }

  const schedulePath = '/Plans/:planId/Schedule';
  app.delete<{ Params: PlanParams }>(schedulePath, async (request, reply) => {
    const read = (): Asked => ({ command: { action: 'DeleteSchedule' }, body: {} });
    perform(request, nameOf('DELETE', schedulePath), read, undefined);
    return reply.code(204).send();
  });

  const clonePath = '/Plans/:planId/Clone';
  app.post<{ Params: PlanParams }>(clonePath, async (request) => {
    const { name: target } = visiblePlan(context, request, request.params.planId).spec;
    requireRight(request, 'Clone');
    const body = readInput(cloneBody, request.body);
    const by = clientOf(request);
    const clone = world.clonePlan(target, {
      name: body.name ?? undefined,
      description: body.description ?? undefined,
      by,
    });
    const asked = { name: clone.name, description: clone.description };
    journal.record({ system: 'vro', call: nameOf('POST', clonePath), target, by, body: asked });
    return accepted(clone.id);
  });
}

function nameOf(method: string, path: string): string {
  return callOf(method, path) ?? path;
}

/** Properties of the query and of the body, whose spelling may differ in case. */
function merged(query: unknown, body: unknown): Readonly<Record<string, unknown>> {
  const entries = [query, body].flatMap((part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.entries(part) : [],
  );
  return Object.fromEntries(entries.map(([key, value]) => [key.toLowerCase(), value as unknown]));
}
