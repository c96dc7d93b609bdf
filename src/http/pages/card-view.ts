import type { AllowedCommand, Card, CardVote } from '../../client/index.ts';
import { heardNote } from '../../model/approvers.ts';
import { formatDuration } from '../../model/duration.ts';
import { html, type Html } from './html.ts';
import { runPath } from '../../model/page-paths.ts';

const MINUTE_MS = 60_000;

/** What somebody reads before they answer, the most important first. */
export function cardView(card: Card, now: number): Html {
  const { title, runbook, runId, mode, purpose, starter, says, instructions, facts } = card;
  return html`<h1>${title}</h1>
    <p class="${mode === 'live' ? 'note bad' : 'note'}">
      <strong>${mode === 'live' ? 'LIVE' : 'Drill'}</strong>, ${purpose}, started by ${starter}:
      <a href="${runPath(runId)}">${runbook.title}</a>
    </p>
    ${card.dueAt !== undefined && html`<p>${leftSays(card.leftMs ?? 0)} (until ${clock(card.dueAt)})</p>`}
    ${card.spokenCode !== undefined && codeView(card.spokenCode)}
    ${card.warnings.map((warning) => html`<p class="note bad">${warning}</p>`)}
    ${card.changed.map(
      ({ at, reasons }) =>
        html`<div class="note bad">
          <p>Changed ${ago(now - at)}; answers from before do not count any more:</p>
          ${items(reasons)}
        </div>`,
    )}
    ${
      instructions !== undefined &&
      html`<h2>What to do</h2>
        <p class="text">${instructions}</p>`
    }
    ${section('What this step is', items(says), says.length > 0)}
    ${section('What a yes allows', html`${card.allows.map(commandView)}`, card.allows.length > 0)}
    ${section('What cannot be undone', items(card.cannotUndo), card.cannotUndo.length > 0)}
    ${facts !== undefined && factsView(facts, now)} ${practiceView(card, now)} ${votesView(card, now)}`;
}

function commandView({ title, says, with: given, target, action }: AllowedCommand): Html {
  return html`<div class="card">
    <p><strong>${title}</strong></p>
    ${items(says)}
    <dl>
      <dt>Action</dt>
      <dd>${action}</dd>
      <dt>On</dt>
      <dd>${target}</dd>
      ${given.map(
        ({ name, value }) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </div>`;
}

function factsView(facts: NonNullable<Card['facts']>, now: number): Html {
  const { plans, machines, more, unknown, oldestPointMs, at } = facts;
  const read = Math.max(now, at);
  return html`${plans.map(
      ({ name, state, check, verification, machines: count }) =>
        html`<h2>The plan ${name}</h2>
          <dl>
            <dt>Stands at</dt>
            <dd>${state}</dd>
            <dt>Last readiness check</dt>
            <dd>${check ?? 'no result known'} (${verification})</dd>
            <dt>Machines</dt>
            <dd>${count}</dd>
          </dl>`,
    )}
    ${
      machines.length > 0 &&
      html`<h2>Machines, and the age of their newest restore points</h2>
        ${
          oldestPointMs !== undefined &&
          html`<p>
            What was written in the last <strong>${spoken(oldestPointMs)}</strong> would be lost, at most.
          </p>`
        }
        <table>
          <tbody>
            ${machines.map(
              ({ name, isCritical, newestPoint }) =>
                html`<tr>
                  <td>${name}${isCritical && ' (critical)'}</td>
                  <td>
                    ${newestPoint === undefined ? 'not known' : spoken(Math.max(0, read - newestPoint))}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${more > 0 && html`<p>And ${more} more.</p>`}`
    }
    ${unknown.map((says) => html`<p class="note">Not known: ${says}</p>`)}
    <p class="small">As the servers said when the gate opened, ${ago(read - at)}.</p>`;
}

function practiceView({ lastDrill }: Card, now: number): Html {
  if (lastDrill === undefined) return section('The last drill', html`<p>It was never practised.</p>`);
  const { runId, outcome, endedAt, achievedRtoMs } = lastDrill;
  return section(
    'The last drill',
    html`<p>
      <a href="${runPath(runId)}">${outcome}</a>,
      ${ago(now - endedAt)}${achievedRtoMs !== undefined && html`, recovered within ${spoken(achievedRtoMs)}`}
    </p>`,
  );
}

function votesView({ votes = [], missing, kind }: Card, now: number): Html {
  return html`${section(
    'Answers so far',
    html`<ul>
      ${votes.map((vote) => voteView(vote, now))}
    </ul>`,
    votes.length > 0,
  )}
  ${section(kind === 'approval' ? 'Who has to agree' : 'Who has to answer', items(missing), missing.length > 0)}`;
}

function voteView(
  { person, for: from, decision, assurance, heardBy, comment, at }: CardVote,
  now: number,
): Html {
  return html`<li>
    ${person}${from !== undefined && html` for ${from}`}: <strong>${decision}</strong>, ${ago(now - at)}
    ${assurance !== undefined && html`<span class="small">(${ASSURED[assurance]})</span>`}
    ${heardBy !== undefined && html`<strong>${heardNote(heardBy)}</strong>`}
    ${comment !== undefined && html`<br />${comment}`}
  </li>`;
}

function codeView(code: string): Html {
  return html`<p class="note">
    No way to answer here? Say your answer on the phone, and read this code to two witnesses, one by one:
    <strong>${code}</strong>
  </p>`;
}

const ASSURED = {
  asserted: 'asserted: nothing was checked',
  password: 'with a password',
  twoFactor: 'with a password and a second factor',
  oidc: 'proven by the identity provider',
  spoken: 'spoken on the phone, and witnessed',
} as const;

function section(heading: string, body: Html, isShown = true): Html {
  return isShown
    ? html`<h2>${heading}</h2>
        ${body}`
    : html``;
}

function items(texts: readonly string[]): Html {
  return html`<ul>
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ul>`;
}

function leftSays(leftMs: number): Html {
  return leftMs === 0
    ? html`<strong>Its time is over.</strong>`
    : html`Time left: <strong>${spoken(leftMs)}</strong>`;
}

/** `2h5m`; nobody decides by seconds. */
function spoken(ms: number): string {
  return formatDuration(ms < MINUTE_MS ? ms : ms - (ms % MINUTE_MS));
}

function ago(ms: number): string {
  return ms < MINUTE_MS ? 'just now' : `${spoken(ms)} ago`;
}

/** In UTC: the server does not know where the reader is. */
function clock(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
