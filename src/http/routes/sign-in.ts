import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actor } from '../../client/wire-answers.ts';
import { redeemBody, signedIn, signInBody, signInWays } from '../../client/wire.ts';
import type { SignedIn } from '../../identity/index.ts';
import type { HttpParts } from '../parts.ts';
import { actorOf, credentialOf, OPEN } from '../session.ts';
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
      return told(signed);
    },
  );

  typed(app).get(
    '/sign-in',
    {
      config: OPEN,
      schema: {
        summary: 'What people can sign in with.',
        security: [],
        response: { 200: signInWays },
      },
    },
    () => Promise.resolve(identity.ways),
  );
  typed(app).post(
    '/sign-in/cli',
    {
      config: OPEN,
      schema: {
        summary: 'Redeem the code that a browser has brought to the command line, with its PKCE verifier.',
        security: [],
        body: redeemBody,
        response: { 200: signedIn },
      },
    },
    async ({ body, ip }) => told(await identity.handOvers.redeem({ ...body, source: ip })),
  );

  typed(app).post(
    '/sign-out',
    { schema: { summary: 'End the session.', response: { 204: z.null() } } },
    async (request, reply) => {
      await identity.signOut(credentialOf(request, parts));
      return reply.code(204).send(null);
    },
  );

  typed(app).get('/me', { schema: { summary: 'Who is signed in.', response: { 200: actor } } }, (request) =>
    Promise.resolve(actorOf(request)),
  );
}

function told({ actor: { person, name }, credential, expiresAt }: SignedIn) {
  return { credential, expiresAt, person, name };
}
