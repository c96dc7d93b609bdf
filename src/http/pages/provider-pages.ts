import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readDraft } from '../../client/vote-draft.ts';
import { IdentityError } from '../../identity/index.ts';
import { clearCookie, readCookie, setCookie } from '../cookies.ts';
import { ownOrigin } from '../own-host.ts';
import type { HttpParts } from '../parts.ts';
import { typed } from '../routes/typed.ts';
import { actorIfAny, OPEN } from '../session.ts';
import { letIn } from './sign-in-page.ts';
import { next } from './next.ts';

/** As the provider gives people. */
const LOGIN_LIMIT_MS = 10 * 60_000;
const CALLBACK = '/sign-in/callback';
const hide = { hide: true } as const;

/** Signing in at the identity provider, and coming back: signed in, or with the proof of a vote. */
export function providerPages(app: FastifyInstance, parts: HttpParts): void {
  const { identity } = parts;

  typed(app).get(
    '/sign-in/provider',
    { schema: { ...hide, querystring: z.object({ next }) }, config: OPEN },
    async (request, reply) => {
      const { url, binding } = await identity.oidc().beginLogin({ redirectUri: callbackOf(request, parts) });
      rememberLogin(reply, { binding, to: request.query.next }, parts);
      return reply.redirect(url, 303);
    },
  );

  app.get(CALLBACK, { schema: hide, config: OPEN }, async (request, reply) => {
    const { binding, to } = readLogin(request, parts);
    clearCookie(reply, 'login', parts);
    const query = new URL(request.url, 'http://here').searchParams;
    const cameBack = { query, binding, source: request.ip };
    const kept = await parts.drafts.take(hashOf(binding), Date.now());
    if (kept === undefined) {
      return letIn(reply, await identity.oidc().finishLogin(cameBack), to, parts);
    }
    const actor = await actorIfAny(request, parts);
    const { idToken, person } = await identity.oidc().finishVoteProof(cameBack);
    if (actor === undefined) {
      throw new IdentityError(
        'identity.notSignedIn',
        'You are not signed in any more. Sign in, and vote again.',
      );
    }
    if (person !== kept.person || actor.person !== kept.person) {
      const message = 'Somebody else has signed in than the one who is voting. Nothing was counted.';
      throw new IdentityError('identity.otherPerson', message);
    }
    await parts.musterFor(actor).castDraft(readDraft(kept.draft), idToken);
    return reply.redirect(to, 303);
  });
}

/** Sends a browser to the provider, to prove a vote; what it says waits here until the browser is back. */
export async function beginVoteProof(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    person,
    draft,
    nonce,
    to,
  }: {
    readonly person: string;
    readonly draft: Parameters<HttpParts['drafts']['keep']>[0]['draft'];
    readonly nonce: string;
    /** Where to go on when it is counted. */
    readonly to: string;
  },
  parts: HttpParts,
): Promise<FastifyReply> {
  const redirectUri = callbackOf(request, parts);
  const { url, binding } = await parts.identity.oidc().beginVoteProof({ person, nonce, redirectUri });
  const madeAt = Date.now();
  await parts.drafts.keep({
    bindingHash: hashOf(binding),
    person,
    draft,
    madeAt,
    expiresAt: madeAt + LOGIN_LIMIT_MS,
  });
  rememberLogin(reply, { binding, to }, parts);
  return reply.redirect(url, 303);
}

function rememberLogin(
  reply: FastifyReply,
  { binding, to }: { readonly binding: string; readonly to: string },
  parts: HttpParts,
): void {
  const expiresAt = Date.now() + LOGIN_LIMIT_MS;
  setCookie(reply, 'login', { value: `${binding} ${to}`, expiresAt, rules: parts });
}

function readLogin(request: FastifyRequest, parts: HttpParts): { binding: string; to: string } {
  const [binding = '', to = '/'] = (readCookie(request, 'login', parts) ?? '').split(' ');
  return { binding, to: next.parse(to) };
}

function callbackOf(request: FastifyRequest, parts: HttpParts): string {
  return `${ownOrigin(request, parts)}${CALLBACK}`;
}

function hashOf(binding: string): string {
  return createHash('sha256').update(binding).digest('hex');
}
