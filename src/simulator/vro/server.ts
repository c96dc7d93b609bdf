import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ServerContext } from '../context.ts';
import { CLIENT } from '../context.ts';
import { addFaultHooks } from '../fault-hooks.ts';
import type { FaultRegistry } from '../faults.ts';
import { createServer, messageOf, statusOf } from '../server.ts';
import { addActionRoutes } from './actions.ts';
import { addPlanRoutes } from './plans.ts';
import { addRuntimeDetailsRoutes } from './runtime-details.ts';
import { addTokenRoutes } from './token.ts';

/** The API versions one server of the 7.2.1 release answers. */
const VERSIONS = ['v7.1', 'v7.2', 'v7.21'] as const;

/** The stand-in for Veeam Recovery Orchestrator. */
export function createVroServer(
  context: ServerContext,
  { clock, faults }: { clock: Clock; faults: FaultRegistry },
): FastifyInstance {
  const { tokens } = context;
  const app = createServer({ clock });
  app.decorateRequest(CLIENT, '');
  app.setErrorHandler((error, _request, reply) =>
    reply.code(statusOf(error)).send({ message: messageOf(error) }),
  );
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ message: `No HTTP resource was found that matches the request URI '${request.url}'.` }),
  );
  addFaultHooks(app, { system: 'vro', faults, expireTokens: () => tokens.expireAll() });
  addTokenRoutes(app, context);

  for (const version of VERSIONS) {
    app.register(
      async (routes) => {
        routes.addHook('preHandler', async (request, reply) => {
          const bearer = tokens.bearerOf(request.headers.authorization);
          if (bearer.kind === 'valid') request.setDecorator(CLIENT, bearer.holder);
          else await reply.code(401).send({ message: 'Authorization has been denied for this request.' });
        });
        addPlanRoutes(routes, context);
        addActionRoutes(routes, context);
        addRuntimeDetailsRoutes(routes, context);
      },
      { prefix: `/api/${version}` },
    );
  }
  return app;
}
