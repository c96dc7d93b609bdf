import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actor } from '../../client/wire-answers.ts';
import { signedIn, signInBody } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { readCookie } from '../cookies.ts';
import { actorOf, bearerOf, OPEN } from '../session.ts';
import { typed } from './typed.ts';

/** Signing in and out, for programs; browsers have pages/sign-in.ts. */
export function signInRoutes(app: FastifyInstance, parts: HttpParts): void {
  const { identity } = parts;

  typed(app).post(
    '/sign-in',
    {
      config: OPEN,
      schema: {
        summary: 'Sign in with a password, and a passcode where one is set up. With a reason: break glass.',
        security: [],
        body: signInBody,
        response: { 200: signedIn },
      },
    },
    async ({ body: { reason, ...login }, ip }) => {
      const source = ip;
      const signed =
        reason === undefined
          ? await identity.signIn({ ...login, source })
          : await identity.breakGlass({ ...login, source, reason });
      const { credential, expiresAt } = signed;
      return { credential, expiresAt, person: signed.actor.person, name: signed.actor.name };
    },
  );

  typed(app).post(
    '/sign-out',
    { schema: { summary: 'End the session.', response: { 204: z.null() } } },
    async (request, reply) => {
      await identity.signOut(bearerOf(request) ?? readCookie(request, 'session', parts) ?? '');
      return reply.code(204).send(null);
    },
  );

  typed(app).get('/me', { schema: { summary: 'Who is signed in.', response: { 200: actor } } }, (request) =>
    Promise.resolve(actorOf(request)),
  );
}
