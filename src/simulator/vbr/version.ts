import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/** The versions of its API that the server answers, oldest first. */
export const API_VERSIONS = ['1.1-rev0', '1.1-rev1', '1.2-rev1'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The request decorator in which the version is left. */
const VERSION = 'apiVersion';

/** The version a request speaks. */
export function versionOf(request: FastifyRequest): ApiVersion {
  return request.getDecorator<ApiVersion>(VERSION);
}

/** Refuses every call that does not say a version that is answered here. */
export function requireVersion(app: FastifyInstance): void {
  app.decorateRequest(VERSION, '1.1-rev1');
  app.addHook('preHandler', async (request, reply) => {
    const asked = request.headers['x-api-version'];
    const version = API_VERSIONS.find((one) => typeof asked === 'string' && one === asked.toLowerCase());
    if (version !== undefined) {
      request.setDecorator(VERSION, version);
      return;
    }
    const why = asked === undefined ? 'is missing' : 'is not of a version that this server answers';
    const message = `The header x-api-version ${why}. Send one of ${API_VERSIONS.join(', ')}.`;
    await sendProblem(reply, 400, 'UnexpectedContent', message);
  });
}

/** Routes that came with a version: before it, there is no such path. */
export function since(app: FastifyInstance, first: ApiVersion, add: (routes: FastifyInstance) => void): void {
  app.register(async (routes) => {
    routes.addHook('preHandler', async (request, reply) => {
      if (API_VERSIONS.indexOf(versionOf(request)) >= API_VERSIONS.indexOf(first)) return;
      const message = `There is no such path in ${versionOf(request)}.`;
      await sendProblem(reply, 404, 'InvalidURI', message);
    });
    add(routes);
  });
}
