import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ServerContext } from '../context.ts';
import { CLIENT } from '../context.ts';
import { addFaultHooks } from '../fault-hooks.ts';
import type { FaultRegistry } from '../faults.ts';
import { createServer, messageOf, statusOf } from '../server.ts';
import type { VbrErrorCode } from './problem.ts';
import { sendProblem } from './problem.ts';
import { addRecoveryTokenRoutes } from './recovery-tokens.ts';
import { addLoginRoutes } from './token.ts';

/** `1.1-rev1`: version and revision. */
const API_VERSION = /^\d+\.\d+-rev\d+$/i;

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

  app.addHook('preHandler', async (request, reply) => {
    const version = request.headers['x-api-version'];
    if (typeof version === 'string' && API_VERSION.test(version)) return;
    await sendProblem(
      reply,
      400,
      'UnexpectedContent',
      'The header x-api-version is missing or malformed. Send 1.1-rev1.',
    );
  });
  addLoginRoutes(app, context);

  app.register(async (routes) => {
    routes.addHook('preHandler', async (request, reply) => {
      const bearer = tokens.bearerOf(request.headers.authorization);
      if (bearer.kind === 'valid') request.setDecorator(CLIENT, bearer.holder);
      else if (bearer.kind === 'expired') {
        await sendProblem(reply, 401, 'ExpiredToken', 'The access token has expired.');
      } else await sendProblem(reply, 401, 'InvalidToken', 'The access token is missing or not valid.');
    });
    addRecoveryTokenRoutes(routes, context);
  });
  return app;
}
