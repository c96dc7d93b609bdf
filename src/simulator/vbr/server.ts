import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ServerContext } from '../context.ts';
import { CLIENT } from '../context.ts';
import { addFaultHooks } from '../fault-hooks.ts';
import type { FaultRegistry } from '../faults.ts';
import { createServer, messageOf, statusOf } from '../server.ts';
import { createAuthorizationCodes } from './authorization-codes.ts';
import { addBackupRoutes } from './backups.ts';
import type { VbrErrorCode } from './problem.ts';
import { sendProblem } from './problem.ts';
import { addMoveRoutes } from './moves.ts';
import { addRecoveryTokenRoutes } from './recovery-tokens.ts';
import { addReplicaRoutes } from './replicas.ts';
import { addServiceRoutes, addTimeRoute } from './service.ts';
import { addSessionRoutes } from './sessions.ts';
import { addTaskSessionRoutes } from './task-sessions.ts';
import { addAuthorizationCodeRoute, addLoginRoutes } from './token.ts';
import { requireVersion, since } from './version.ts';

function codeFor(status: number): VbrErrorCode {
  if (status === 404) return 'NotFound';
  return status < 500 ? 'UnexpectedContent' : 'UnknownError';
}

/** The stand-in for Veeam Backup & Replication. */
export function createVbrServer(
  context: ServerContext,
  { clock, faults }: { clock: Clock; faults: FaultRegistry },
): FastifyInstance {
  const { tokens } = context;
  const app = createServer({ clock });
  app.decorateRequest(CLIENT, '');
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    return sendProblem(reply, status, codeFor(status), messageOf(error));
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 404, 'InvalidURI', 'There is no such path.'),
  );
  addFaultHooks(app, { system: 'vbr', faults, expireTokens: () => tokens.expireAll() });

  requireVersion(app);
  const codes = createAuthorizationCodes({ now: () => tokens.now() });
  const now = (): number => clock.now();
  addLoginRoutes(app, context, codes);
  addTimeRoute(app, { now });

  app.register(async (routes) => {
    routes.addHook('preHandler', async (request, reply) => {
      const bearer = tokens.bearerOf(request.headers.authorization);
      if (bearer.kind === 'valid') request.setDecorator(CLIENT, bearer.holder);
      else if (bearer.kind === 'expired') {
        await sendProblem(reply, 401, 'ExpiredToken', 'The access token has expired.');
      } else await sendProblem(reply, 401, 'InvalidToken', 'The access token is missing or not valid.');
    });
    addAuthorizationCodeRoute(routes, codes);
    addServiceRoutes(routes, context);
    addSessionRoutes(routes, context);
    addBackupRoutes(routes, context);
    addRecoveryTokenRoutes(routes, context);
    since(routes, '1.1-rev1', (newer) => {
      addReplicaRoutes(newer, context);
      addMoveRoutes(newer, context);
    });
    since(routes, '1.2-rev1', (newer) => addTaskSessionRoutes(newer, { ...context, now }));
  });
  return app;
}
