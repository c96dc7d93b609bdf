import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MusterError, type Card } from '../../client/index.ts';
import { keptDraft } from '../../client/vote-draft.ts';
import { runId, stepPath } from '../../client/wire.ts';
import { mayDo, mayDoSomewhere } from '../../identity/index.ts';
import type { Actor } from '../../model/actor.ts';
import type { HttpParts } from '../parts.ts';
import { HttpError, problemOf } from '../problem.ts';
import { musterOf, typed } from '../routes/typed.ts';
import { actorOf } from '../session.ts';
import { answerBody, answerForm, answerOf } from './answer-form.ts';
import { cardView } from './card-view.ts';
import { emergencyForms } from './emergency-form.ts';
import { gatePath, runPath } from '../../model/page-paths.ts';
import { html } from './html.ts';
import { page, sendPage } from './layout.ts';
import { beginVoteProof } from './provider-pages.ts';

const params = z.object({ runId, '*': stepPath });
const hide = { hide: true } as const;

/** The card of a gate, and its answers. Opening it changes nothing: a link in a mail is followed by machines as well. */
export function gatePage(app: FastifyInstance, parts: HttpParts): void {
  typed(app).get('/runs/:runId/gates/*', { schema: { ...hide, params } }, async (request, reply) => {
    const { runId: id, '*': gate } = request.params;
    return showCard(request, reply, { runId: id, gate }, parts);
  });

  typed(app).post(
    '/runs/:runId/gates/*',
    { schema: { ...hide, params, body: answerBody } },
    async (request, reply) => {
      const { runId: id, '*': gate } = request.params;
      const asked = { runId: id, gate };
      const vote = answerOf(request.body, asked);
      if (vote === undefined) {
        throw new HttpError(400, 'http.badRequest', 'That is no answer. Use the buttons.');
      }
      const muster = musterOf(request, parts);
      try {
        const actor = actorOf(request);
        if (parts.needsProof(actor)) {
          const draft = await muster.draftVote(vote);
          const proving = {
            person: actor.person,
            draft: keptDraft(draft),
            nonce: draft.nonce,
            to: runPath(id),
          };
          return await beginVoteProof(request, reply, proving, parts);
        }
        await muster.vote(vote);
        return await reply.redirect(runPath(id), 303);
      } catch (error) {
        // What does not count is said on the card itself, where it can be mended.
        if (!(error instanceof MusterError) || error.code !== 'vote.refused') throw error;
        return showCard(request, reply, asked, parts, error);
      }
    },
  );
}

async function showCard(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: { readonly runId: string; readonly gate: string },
  parts: HttpParts,
  refused?: MusterError,
): Promise<void> {
  const muster = musterOf(request, parts);
  const actor = actorOf(request);
  const card = await muster.card(asked);
  const inPlaceOf =
    mayAnswer(actor, card) && mayDoSomewhere(actor, 'people.read')
      ? (await muster.delegations()).filter(({ to }) => to === actor.person).map(({ from }) => from)
      : [];
  const body = html`${
      refused !== undefined &&
      html`<div class="note bad" role="alert">
        <p>${refused.message}</p>
        ${refused.hint !== undefined && html`<p>${refused.hint}</p>`}
      </div>`
    }
    ${cardView(card, Date.now())}
    ${
      mayAnswer(actor, card)
        ? html`${
            parts.needsProof(actor) &&
            html`<p class="note">
              Your company account will ask who you are once more, and sign your answer.
            </p>`
          }${answerForm(card, { person: actor.person, inPlaceOf })}`
        : html`<p class="note">You may look at this, and not answer it.</p>`
    }
    ${emergencyForms(card, actor)}
    <p class="small"><a href="${gatePath(card.runId, card.gate)}">Look again</a></p>`;
  const status = refused === undefined ? 200 : problemOf(refused).status;
  return sendPage(reply, page({ title: card.title, body, actor }), status);
}

function mayAnswer(actor: Actor, { kind, runbook }: Card): boolean {
  return mayDo(actor, kind === 'decision' ? 'run.decide' : 'gate.vote', { runbook: runbook.name });
}
