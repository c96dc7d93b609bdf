import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { contentPolicy } from './content-policy.ts';
import { checkHosts } from './own-host.ts';
import { openApi } from './open-api.ts';
import { isSecure, type HttpParts } from './parts.ts';
import { answerBrokenRequest, answerProblem, HttpError } from './problem.ts';
import { identifyAll, OPEN } from './session.ts';
import { delegationRoutes } from './routes/delegations.ts';
import { emergencyRoutes } from './routes/emergency.ts';
import { freezeRoutes } from './routes/freezes.ts';
import { gateRoutes } from './routes/gates.ts';
import { peopleRoutes } from './routes/people.ts';
import { runRoutes } from './routes/runs.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { findingRoutes } from './routes/findings.ts';
import { noteRoutes } from './routes/notes.ts';
import { reportRoutes } from './routes/reports.ts';
import { retentionRoutes } from './routes/retention.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { secretRoutes } from './routes/secrets.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { pageRoutes } from './pages/page-routes.ts';

/** A runbook with its library; what people type is far smaller. */
const MAX_BODY_BYTES = 4 * 1_024 * 1_024;
/** Of one address. A console that looks every second stays far below. */
const REQUESTS_PER_MINUTE = 600;
/** Somebody who sends a request slower than this is no client. */
const REQUEST_LIMIT_MS = 30_000;

/** The API and the pages for a phone. Nothing is answered but to whoever has signed in; see session.ts. */
export async function createApp(parts: HttpParts): Promise<FastifyInstance> {
  const app = fastify({
    ...serverOptions(parts),
    ...(parts.logger !== undefined && { loggerInstance: parts.logger }),
    // Requests are nobody's business: their addresses may hold what a link is good for.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    // One hop: what a client itself writes into X-Forwarded-For stands before what our proxy adds, and is not believed.
    trustProxy: parts.trustProxy === true && ((_address: string, hop: number) => hop === 0),
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(() => {
    throw new HttpError(404, 'http.notFound', 'There is nothing here.');
  });
  // JSON, and forms where the pages are. A stranger's page can make a browser send text/plain without asking us first.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });
  await app.register(helmet, headers(parts));
  checkHosts(app, parts);
  await app.register(cookie);
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute' });
  identifyAll(app, parts);
  await app.register(swagger, openApi(parts.version));
  await app.register(
    async (api) => {
      signInRoutes(api, parts);
      runRoutes(api, parts);
      gateRoutes(api, parts);
      emergencyRoutes(api, parts);
      freezeRoutes(api, parts);
      scheduleRoutes(api, parts);
      evidenceRoutes(api, parts);
      retentionRoutes(api, parts);
      reportRoutes(api, parts);
      noteRoutes(api, parts);
      findingRoutes(api, parts);
      delegationRoutes(api, parts);
      peopleRoutes(api, parts);
      tokenRoutes(api, parts);
      secretRoutes(api, parts);
      api.get('/openapi.json', { schema: { hide: true }, config: OPEN }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  await app.register(async (pages) => pageRoutes(pages, parts));
  app.get(
    '/health',
    { schema: { hide: true }, config: OPEN, logLevel: 'silent' },
    async (_request, reply) => {
      const health = await parts.health();
      return reply.code(health.ok ? 200 : 503).send({ ok: health.ok, parts: health.parts });
    },
  );
  return app;
}

/** A request that trickles in is ended, so that a few of them cannot hold everything. */
function serverOptions({ tls, requestLimitMs = REQUEST_LIMIT_MS }: HttpParts) {
  const limits = {
    headersTimeout: requestLimitMs,
    connectionsCheckingInterval: Math.ceil(requestLimitMs / 10),
  };
  return {
    requestTimeout: requestLimitMs,
    connectionTimeout: REQUEST_LIMIT_MS,
    ...(tls !== undefined && { https: { ...tls, ...limits } }),
    // Read by whoever makes the server; the types have them only beside the options of TLS.
    ...((tls === undefined ? { http: limits } : {}) as object),
  };
}

function headers(parts: HttpParts) {
  return {
    contentSecurityPolicy: contentPolicy(parts),
    // With no-referrer browsers send `Origin: null` with our own forms, which could not be told from a stranger's.
    referrerPolicy: { policy: 'same-origin' as const },
    strictTransportSecurity: isSecure(parts) && { maxAge: 31_536_000 },
  };
}
