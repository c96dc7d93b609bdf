import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { Clock } from './clock.ts';
import { SimulatorError } from './errors.ts';

/**
 * An HTTP server as the simulated products have it: paths in any case, empty bodies accepted, and closing at once,
 * also with open connections. With a `clock` its `Date` header shows simulated time.
 */
export function createServer({
  clock,
  querystringParser,
}: {
  clock?: Clock;
  /** Default: the framework's own. */
  querystringParser?: (text: string) => Record<string, unknown>;
} = {}): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ...(querystringParser === undefined ? {} : { querystringParser }),
    },
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  // Anything else is taken for JSON, whatever it is called: some clients do not say.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    try {
      done(null, text.trim() === '' ? undefined : (JSON.parse(text) as unknown));
    } catch (cause) {
      done(new SimulatorError('INVALID_REQUEST', 'The request is invalid: its body is not JSON.', { cause }));
    }
  });

  if (clock !== undefined) {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('date', new Date(clock.now()).toUTCString());
    });
  }
  return app;
}

/** The HTTP status of whatever was thrown while answering. */
export function statusOf(error: unknown): number {
  if (error instanceof SimulatorError) return error.status;
  const status: unknown =
    typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

/** The sentence for whoever asked. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The request could not be handled.';
}
