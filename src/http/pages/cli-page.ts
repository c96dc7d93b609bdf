import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { handOverQuery } from '../../client/wire.ts';
import { assertHandsOver } from '../../identity/index.ts';
import { contentPolicy } from '../content-policy.ts';
import type { HttpParts } from '../parts.ts';
import { typed } from '../routes/typed.ts';
import { actorOf, credentialOf } from '../session.ts';
import { html } from './html.ts';
import { page, sendPage } from './layout.ts';

const body = handOverQuery.extend({ answer: z.enum(['yes', 'no']) });
const hide = { hide: true } as const;

/**
 * Hands a session over to `muster login --browser`, which listens on this machine (RFC 8252). Whoever is not signed in is
 * sent to do that first. Opening the page does nothing; the code for the command line is made by the button.
 */
export function cliPage(app: FastifyInstance, parts: HttpParts): void {
  typed(app).get(
    '/sign-in/cli',
    { schema: { ...hide, querystring: handOverQuery } },
    async (request, reply) => {
      const { port, state, challenge } = request.query;
      const actor = actorOf(request);
      assertHandsOver(actor);
      reply.helmet({ contentSecurityPolicy: contentPolicy(parts, [listenerOn(port)]) });
      const title = 'Sign in on the command line';
      const shown = html`<h1>${title}</h1>
        <p>
          <strong>muster on this computer asks to act as you</strong>, ${actor.name} (${actor.person}): to do
          all that you may do here, until your login of now would end.
        </p>
        <p class="note bad">
          Only say yes when you have just typed <code>muster login</code> yourself, on this computer.
        </p>
        <form method="post" action="/sign-in/cli">
          <input type="hidden" name="port" value="${port}" />
          <input type="hidden" name="state" value="${state}" />
          <input type="hidden" name="challenge" value="${challenge}" />
          <button class="yes" name="answer" value="yes">Let it act as me</button>
          <button class="no" name="answer" value="no">No</button>
        </form>`;
      return sendPage(reply, page({ title, body: shown, actor }));
    },
  );

  typed(app).post('/sign-in/cli', { schema: { ...hide, body } }, async (request, reply) => {
    const { port, state, challenge, answer } = request.body;
    assertHandsOver(actorOf(request));
    const credential = credentialOf(request, parts);
    const told =
      answer === 'yes'
        ? { code: await parts.identity.handOvers.allow(credential, { challenge }), state }
        : { error: 'access_denied', state };
    return reply.redirect(`${listenerOn(port)}/?${new URLSearchParams(told).toString()}`, 303);
  });
}

/** Only ever this machine, whoever made the address of the page. */
function listenerOn(port: number): string {
  return `http://127.0.0.1:${port}`;
}
