import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLIENT } from '../context.ts';
import { addFaultHooks } from '../fault-hooks.ts';
import type { FaultRegistry } from '../faults.ts';
import { createServer, messageOf, statusOf } from '../server.ts';
import { addAboutRoutes } from './about.ts';
import { addAlarmRoutes } from './alarms.ts';
import { addAlarmTemplateRoutes } from './alarm-templates.ts';
import type { OneContext } from './context.ts';
import { ONE_VERSIONS } from './context.ts';
import { addDataCollectionRoutes } from './data-collection.ts';
import { addJobRoutes } from './jobs.ts';
import { sendProblem } from './problem.ts';
import { addComputerRoutes } from './protected-computers.ts';
import { addProtectedVmRoutes } from './protected-vms.ts';
import { addSessionRoutes } from './sessions.ts';
import { addTokenRoutes } from './token.ts';
import { addBackupServerRoutes } from './backup-servers.ts';

/** Roles that may change something; all others only look. */
const MAY_CHANGE: ReadonlySet<string> = new Set(['Admin', 'PowerUser']);

/** The stand-in for Veeam ONE. */
export function createOneServer(context: OneContext, { faults }: { faults: FaultRegistry }): FastifyInstance {
  const { tokens, clock, world } = context;
  const app = createServer({ clock });
  app.decorateRequest(CLIENT, '');
  app.setErrorHandler((error, request, reply) =>
    sendProblem(request, reply, statusOf(error), messageOf(error)),
  );
  app.setNotFoundHandler(answerUnknown);
  addFaultHooks(app, { system: 'one', faults, expireTokens: () => tokens.expireAll() });
  addTokenRoutes(app, context);

  for (const version of ONE_VERSIONS) {
    app.register(
      async (routes) => {
        routes.addHook('preHandler', async (request, reply) => {
          const bearer = tokens.bearerOf(request.headers.authorization);
          if (bearer.kind !== 'valid') {
            reply.header('www-authenticate', 'Bearer');
            await sendProblem(request, reply, 401, 'The access token is missing, expired or not valid.');
            return;
          }
          request.setDecorator(CLIENT, bearer.holder);
          const { userRole } = world.scenario.one;
          if (request.method === 'GET' || MAY_CHANGE.has(userRole)) return;
          await sendProblem(request, reply, 403, `The role ${userRole} may not change anything.`);
        });
        addAboutRoutes(routes, context);
        addSessionRoutes(routes, context);
        addDataCollectionRoutes(routes, context);
        addBackupServerRoutes(routes, context);
        addJobRoutes(routes, context);
        addProtectedVmRoutes(routes, context);
        addComputerRoutes(routes, context);
        addAlarmRoutes(routes, context, version);
        addAlarmTemplateRoutes(routes, context);
      },
      { prefix: `/api/${version}` },
    );
  }
  return app;
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const version = /^\/api\/(v[\d.]+)(?:\/|\?|$)/i.exec(request.url)?.[1]?.toLowerCase();
  if (version === undefined || ONE_VERSIONS.some((known) => known === version)) {
    return sendProblem(request, reply, 404, 'There is no such resource.');
  }
  return sendProblem(
    request,
    reply,
    400,
    `The API version ${version} is not supported. Use one of: ${ONE_VERSIONS.join(', ')}.`,
    'Unsupported API version',
  );
}
