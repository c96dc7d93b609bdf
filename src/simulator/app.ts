import type { FastifyInstance } from 'fastify';
import { createServer, messageOf, statusOf } from './server.ts';
import type { World } from './world/world.ts';

/** Where a plan rests whose machines run at the recovery site. */
const RUNS_THERE: readonly string[] = [
  'FailoverComplete',
  'PermanentFailoverComplete',
  'PrepareToFailbackComplete',
  'RestoreComplete',
];
/** Where one rests whose machines run at home. */
const RUNS_HOME: readonly string[] = [
  'Ready',
  'UndoFailoverComplete',
  'FailbackComplete',
  'CommitFailbackComplete',
];

/**
 * The applications that the plans protect. `/apps/<plan name>/health` is 200 while the plan's VMs run at the recovery
 * site, `/apps/<plan name>/home` while they run at home, else 503; `/apps/always/health` is always 200.
 */
export function createAppServer({ world }: { world: World }): FastifyInstance {
  const app = createServer();
  app.setErrorHandler((error, _request, reply) =>
    reply.code(statusOf(error)).send({ message: messageOf(error) }),
  );
  app.get('/apps/always/health', async () => ({ status: 'ok' }));
  const serve = (path: string, states: readonly string[]): void => {
    app.get<{ Params: { plan: string } }>(path, async ({ params }, reply) => {
      const { situation } = world.plan(params.plan);
      const isUp = states.includes(situation.stable) && !situation.active;
      return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'ok' : 'down' });
    });
  };
  serve('/apps/:plan/health', RUNS_THERE);
  serve('/apps/:plan/home', RUNS_HOME);
  return app;
}
