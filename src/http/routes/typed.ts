import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { LocalMuster } from '../../client/in-process.ts';
import type { HttpParts } from '../parts.ts';
import { actorOf } from '../session.ts';

/** An app whose handlers are typed by the schemas of their routes. */
export function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

/** The operations for whoever asks. */
export function musterOf(request: FastifyRequest, parts: HttpParts): LocalMuster {
  return parts.musterFor(actorOf(request));
}
