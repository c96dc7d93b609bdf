import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ServerContext } from '../context.ts';
import { CLIENT } from '../context.ts';
import { addFaultHooks } from '../fault-hooks.ts';
import type { FaultRegistry } from '../faults.ts';
import { createServer, messageOf, statusOf } from '../server.ts';
import type { VroContext } from './access.ts';
import { ACCOUNT } from './access.ts';
import { addClientRoutes, addMfaRoutes } from './accounts-routes.ts';
import { createAccounts } from './accounts.ts';
import { addActionRoutes } from './actions.ts';
import { createMfa } from './mfa.ts';
import { addLicenseRoutes, addLocationRoutes, addScopeRoutes } from './places.ts';
import { addPlanContentRoutes } from './plan-contents.ts';
import { VERSIONS } from './plan-info.ts';
import { addPlanRoutes } from './plans.ts';
import { parseQueryString } from './query-string.ts';
import { addRuntimeDetailsRoutes } from './runtime-details.ts';
import { addTokenRoutes } from './token.ts';

/** The stand-in for Veeam Recovery Orchestrator. */
export function createVroServer(
  shared: ServerContext,
  { clock, faults }: { clock: Clock; faults: FaultRegistry },
): FastifyInstance {
  const { tokens } = shared;
  const context: VroContext = {
    ...shared,
    accounts: createAccounts(shared.world.scenario),
    mfa: createMfa({ now: () => tokens.now() }),
  };
  const app = createServer({ clock, querystringParser: parseQueryString });
  app.decorateRequest(CLIENT, '');
  app.decorateRequest(ACCOUNT, null);
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
    const prefix = `/api/${version}`;
    app.register(async (routes) => addMfaRoutes(routes, context), { prefix });
    app.register(
      async (routes) => {
        routes.addHook('preHandler', async (request, reply) => {
          const bearer = tokens.bearerOf(request.headers.authorization);
          const account = bearer.kind === 'valid' ? context.accounts.account(bearer.holder) : undefined;
          if (account === undefined) {
            await reply.code(401).send({ message: 'Authorization has been denied for this request.' });
            return;
          }
          request.setDecorator(CLIENT, account.name);
          request.setDecorator(ACCOUNT, account);
        });
        addClientRoutes(routes, context);
        addPlanRoutes(routes, context, version);
        addPlanContentRoutes(routes, context);
        addActionRoutes(routes, context);
        addLocationRoutes(routes, context);
        addScopeRoutes(routes, context);
        addLicenseRoutes(routes, context);
        addRuntimeDetailsRoutes(routes, context);
      },
      { prefix },
    );
  }
  return app;
}
