import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { typedLine, typedText } from '../../client/typed-text.ts';
import { IdentityError, type SignedIn } from '../../identity/index.ts';
import { clearCookie, readCookie, setCookie } from '../cookies.ts';
import type { HttpParts } from '../parts.ts';
import { assertOwnPage, believesNames, OPEN } from '../session.ts';
import { typed } from '../routes/typed.ts';
import { html, type Html } from './html.ts';
import { page, sendPage } from './layout.ts';
import { next } from './next.ts';

const form = z.object({
  person: z.string().max(64),
  password: z.string().max(1_000),
  code: z.string().max(16).optional(),
  next,
});
const emergency = form.extend({ reason: typedText(500) });
const named = z.object({ person: typedLine(64), next });
const hide = { hide: true } as const;
/** As long as a session; a name that is trusted has none. */
const NAME_LIMIT_MS = 12 * 3_600_000;

/** Signing in and out in a browser. */
export function signInPage(app: FastifyInstance, parts: HttpParts): void {
  const { identity, hasProvider, trustedPeople } = parts;
  const shown = (request: FastifyRequest, to: string, wrong?: string): Html =>
    page({
      title: 'Sign in',
      body: html`<h1>Sign in</h1>
        ${wrong !== undefined && html`<p class="note bad" role="alert">${wrong}</p>`}
        ${believesNames(request, parts) && nameForms(trustedPeople, to)}
        ${hasProvider && html`<p><a class="button" href="/sign-in/provider?next=${encodeURIComponent(to)}">Sign in with your company account</a></p>`}
        ${passwordForm(to)}
        <p><a href="/sign-in/emergency">Break glass</a></p>`,
    });

  typed(app).get(
    '/sign-in',
    { schema: { ...hide, querystring: z.object({ next }) }, config: OPEN },
    async (request, reply) => sendPage(reply, shown(request, request.query.next)),
  );

  typed(app).post('/sign-in', { schema: { ...hide, body: form }, config: OPEN }, async (request, reply) => {
    assertOwnPage(request, parts);
    const { next: to, code, ...login } = request.body;
    try {
      const typedCode = code === undefined || code === '' ? {} : { code };
      const signedIn = await identity.signIn({ ...login, ...typedCode, source: request.ip });
      return await letIn(reply, signedIn, to, parts);
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
      return sendPage(reply, shown(request, to, error.message), statusOf(error, reply));
    }
  });

  typed(app).post(
    '/sign-in/name',
    { schema: { ...hide, body: named }, config: OPEN },
    async (request, reply) => {
      assertOwnPage(request, parts);
      if (!believesNames(request, parts)) {
        throw new IdentityError('identity.notTrusted', 'A name alone is not believed here. Sign in.');
      }
      const { person, next: to } = request.body;
      const actor = await identity.asserted(person);
      clearCookie(reply, 'session', parts);
      const expiresAt = Date.now() + NAME_LIMIT_MS;
      setCookie(reply, 'local', { value: actor.person, expiresAt, rules: parts });
      return reply.redirect(to, 303);
    },
  );

  app.get('/sign-in/emergency', { schema: hide, config: OPEN }, async (_request, reply) =>
    sendPage(reply, emergencyPage()),
  );

  typed(app).post(
    '/sign-in/emergency',
    { schema: { ...hide, body: emergency }, config: OPEN },
    async (request, reply) => {
      assertOwnPage(request, parts);
      const { next: to, code, ...login } = request.body;
      try {
        const typedCode = code === undefined || code === '' ? {} : { code };
        const signedIn = await identity.breakGlass({ ...login, ...typedCode, source: request.ip });
        return await letIn(reply, signedIn, to, parts);
      } catch (error) {
        if (!(error instanceof IdentityError)) throw error;
        return sendPage(reply, emergencyPage(error.message), statusOf(error, reply));
      }
    },
  );

  app.post('/sign-out', { schema: hide, config: OPEN }, async (request, reply) => {
    assertOwnPage(request, parts);
    await identity.signOut(readCookie(request, 'session', parts) ?? '');
    clearCookie(reply, 'session', parts);
    clearCookie(reply, 'local', parts);
    return reply.redirect('/sign-in', 303);
  });
}

/** Gives a browser the session of somebody who has signed in. */
export async function letIn(
  reply: FastifyReply,
  { credential, expiresAt }: SignedIn,
  to: string,
  parts: HttpParts,
): Promise<FastifyReply> {
  clearCookie(reply, 'local', parts);
  setCookie(reply, 'session', { value: credential, expiresAt, rules: parts });
  return reply.redirect(to, 303);
}

function statusOf({ code, retryAfterMs }: IdentityError, reply: FastifyReply): number {
  if (retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return code === 'identity.throttled' ? 429 : code === 'identity.busy' ? 503 : 401;
}

function passwordForm(to: string): Html {
  return html`<form method="post" action="/sign-in">
    <input type="hidden" name="next" value="${to}" />
    ${passwordFields()}
    <button class="yes">Sign in</button>
  </form>`;
}

function passwordFields(): Html {
  return html`<label
      >Name <input name="person" autocomplete="username" autocapitalize="none" required
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <label>
      Passcode, if you have one
      <input name="code" inputmode="numeric" autocomplete="one-time-code" />
    </label>`;
}

function nameForms(people: HttpParts['trustedPeople'], to: string): Html {
  return html`<section>
    <p class="note">This stack runs on the simulator and believes names. Who are you?</p>
    ${people.map(
      ({ id, name }) =>
        html`<form method="post" action="/sign-in/name">
          <input type="hidden" name="next" value="${to}" />
          <input type="hidden" name="person" value="${id}" />
          <button>${name}</button>
        </form>`,
    )}
  </section>`;
}

function emergencyPage(wrong?: string): Html {
  return page({
    title: 'Break glass',
    body: html`<h1>Break glass</h1>
      <p class="note bad">
        For an emergency in which nobody can sign in as themselves. Everybody is told, and the reason stays in
        the record. The account is open for one hour.
      </p>
      ${wrong !== undefined && html`<p class="note bad" role="alert">${wrong}</p>`}
      <form method="post" action="/sign-in/emergency">
        <input type="hidden" name="next" value="/" />
        ${passwordFields()}
        <label>Why <textarea name="reason" rows="3" minlength="5" maxlength="500" required></textarea></label>
        <button class="no">Break the glass</button>
      </form>
      <p><a href="/sign-in">Back to the usual sign-in</a></p>`,
  });
}
