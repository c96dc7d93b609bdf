import type { FastifyInstance } from 'fastify';
import { SimulatorError } from '../errors.ts';
import type { World } from '../world/world.ts';
import type { Asked } from './action-bodies.ts';
import { ACTION_BODIES } from './action-bodies.ts';

/** What somebody does in the product's own console: what the API has, and starting a test. */
const CONSOLE_ACTIONS: Readonly<Record<string, (input: unknown) => Asked>> = {
  ...ACTION_BODIES,
  StartTest: () => ({ command: { action: 'StartTest' }, body: {} }),
};

/**
 * The console's door on the control server: `POST /plans/<name or id>/console/<action>` with the body that the API
 * takes, and `GET /plans/<name or id>/changes`. Nothing of it is in the journal, because no API call was made.
 */
export function addConsoleRoutes(app: FastifyInstance, world: Pick<World, 'command' | 'changeLog'>): void {
  app.post<{ Params: { plan: string; action: string } }>(
    '/plans/:plan/console/:action',
    async ({ params, body }, reply) => {
      const wanted = params.action.toLowerCase();
      const read = Object.entries(CONSOLE_ACTIONS).find(([action]) => action.toLowerCase() === wanted)?.[1];
      if (read === undefined) {
        throw new SimulatorError(
          'INVALID_REQUEST',
          `There is no action ${params.action}. Use one of: ${Object.keys(CONSOLE_ACTIONS).join(', ')}.`,
        );
      }
      world.command(params.plan, read(body).command);
      return reply.code(204).send();
    },
  );

  app.get<{ Params: { plan: string } }>('/plans/:plan/changes', async ({ params }) =>
    world.changeLog(params.plan).map(({ at, by, what }) => ({ at: new Date(at).toISOString(), by, what })),
  );
}
