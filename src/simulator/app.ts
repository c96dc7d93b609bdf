import type { FastifyInstance } from 'fastify';
import { createServer, messageOf, statusOf } from './server.ts';
import type { World } from './world/world.ts';

/** Where a plan rests whose machines run at the recovery site. */
const RUNS_THERE: readonly string[] = ['FailoverComplete', 'PermanentFailoverComplete', 'RestoreComplete'];

/**
 * The application that the plans protect, seen at the recovery site: `/apps/<plan name>/health` is 200 only while the
 * plan's VMs run there, 503 otherwise; `/apps/always/health` is always 200.
 */
export function createAppServer({ world }: { world: World }): FastifyInstance {
  const app = createServer();
  app.setErrorHandler((error, _request, reply) =>
    reply.code(statusOf(error)).send({ message: messageOf(error) }),
  );
  app.get('/apps/always/health', async () => ({ status: 'ok' }));
  app.get<{ Params: { plan: string } }>('/apps/:plan/health', async ({ params }, reply) => {
    const { situation } = world.plan(params.plan);
    const isUp = RUNS_THERE.includes(situation.stable) && !situation.active;
    return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'ok' : 'down' });
  });
  return app;
}
