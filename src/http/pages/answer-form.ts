import { z } from 'zod';
import type { Card, VoteRequest } from '../../client/index.ts';
import { isTyped, NOT_TYPED, typedLine, typedText } from '../../client/typed-text.ts';
import { wantsReason } from '../../model/cast.ts';
import { CONTINUE_OPTIONS, DECISIONS } from '../../model/vote.ts';
import { gatePath } from '../../model/page-paths.ts';
import { html, type Html } from './html.ts';

/** A posted form has names and texts. */
export const answerBody = z
  .looseObject({
    /** `decision`, or `decision choice`. */
    offer: typedLine(200),
    seen: typedLine(128),
    comment: typedText(1_000).optional(),
    for: typedLine(64).optional(),
  })
  .refine(isTyped, { error: NOT_TYPED });
const FIELD = 'field.';

/** The buttons of what can be answered. Nothing is chosen for anybody. */
export function answerForm(
  card: Card,
  { person, inPlaceOf }: { readonly person: string; readonly inPlaceOf: readonly string[] },
): Html {
  const { runId, gate, offers, fields = {}, votes = [], kind } = card;
  const possible = offers.filter(({ unavailable }) => unavailable === undefined);
  const hasAnswered = votes.some((vote) => vote.person === person);
  return html`<form method="post" action="${gatePath(runId, gate)}" class="answers">
    <input type="hidden" name="seen" value="${card.nonce}" />
    <h2>${kind === 'approval' ? 'Your answer' : 'What is to be done'}</h2>
    ${Object.entries(fields).map(
      ([name, { description, optional, type }]) =>
        html`<label>
          ${description ?? name}${optional === true && ' (if there is one)'}
          ${
            type === 'boolean'
              ? html`<select name="${FIELD}${name}">
                  <option value=""></option>
                  <option>true</option>
                  <option>false</option>
                </select>`
              : html`<input name="${FIELD}${name}" ${type === 'integer' && html`inputmode="numeric"`} />`
          }
        </label>`,
    )}
    <label>
      Comment (kept with the run${possible.some(wantsReason) && '; needed where it says so'})
      <textarea name="comment" rows="3" maxlength="1000"></textarea>
    </label>
    ${
      inPlaceOf.length > 0 &&
      html`<label>
        In whose place
        <select name="for">
          <option value="">my own</option>
          ${inPlaceOf.map((one) => html`<option>${one}</option>`)}
        </select>
      </label>`
    }
    ${possible.map(offerButton)}
    ${hasAnswered && html`<button name="offer" value="withdraw"><strong>Take my answer back</strong></button>`}
  </form>`;
}

function offerButton(offer: Card['offers'][number]): Html {
  const { decision, option, answer, says } = offer;
  const choice = option ?? answer;
  return html`<button
    class="${buttonOf(decision)}"
    name="offer"
    value="${choice === undefined ? decision : `${decision} ${choice}`}"
  >
    <strong>${choice ?? NAMES[decision] ?? decision}</strong><br />${says}${
      wantsReason(offer) && ' (needs a comment)'
    }
  </button>`;
}

/** What was posted, as a request; undefined when it is no answer at all. */
export function answerOf(
  body: z.output<typeof answerBody>,
  card: Pick<Card, 'runId' | 'gate'>,
): VoteRequest | undefined {
  const [, said, choice] = /^(\w+)(?: (.+))?$/.exec(body.offer) ?? [];
  const decision = DECISIONS.find((known) => known === said);
  if (decision === undefined) return undefined;
  const option = CONTINUE_OPTIONS.find((known) => known === choice);
  if (decision === 'continue' ? option === undefined : (decision === 'answer') === (choice === undefined)) {
    return undefined;
  }
  const values = Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      name.startsWith(FIELD) && typeof value === 'string' && value !== ''
        ? [[name.slice(FIELD.length), value]]
        : [],
    ),
  );
  const { comment = '', for: from = '', seen } = body;
  return {
    runId: card.runId,
    gate: card.gate,
    decision,
    seen,
    ...(option !== undefined && decision === 'continue' && { option }),
    ...(decision === 'answer' && choice !== undefined && { answer: choice }),
    ...(Object.keys(values).length > 0 && { values }),
    ...(comment.trim() !== '' && { comment: comment.trim() }),
    ...(from !== '' && { for: from }),
  };
}

const NAMES: Readonly<Record<string, string>> = { approve: 'Yes', reject: 'No' };

function buttonOf(decision: string): string {
  return decision === 'approve' ? 'yes' : decision === 'reject' || decision === 'abort' ? 'no' : '';
}
