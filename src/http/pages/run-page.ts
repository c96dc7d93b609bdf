import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openGates } from '../../client/index.ts';
import { runId } from '../../client/wire.ts';
import { deviationText } from '../../model/approvers.ts';
import type { StepRecord } from '../../model/run.ts';
import type { HttpParts } from '../parts.ts';
import { musterOf, typed } from '../routes/typed.ts';
import { actorOf } from '../session.ts';
import { gatePath } from '../../model/page-paths.ts';
import { html, type Html } from './html.ts';
import { page, sendPage } from './layout.ts';

/** More is read elsewhere than on a phone. */
const MAX_STEPS = 500;

/** A run as it stands. */
export function runPage(app: FastifyInstance, parts: HttpParts): void {
  typed(app).get(
    '/runs/:runId',
    { schema: { hide: true, params: z.object({ runId }) } },
    async (request, reply) => {
      const { runId: id } = request.params;
      const { state, timeline, steps } = await musterOf(request, parts).show(id);
      const { run, title } = timeline;
      const body = html`<h1>${title}</h1>
        <p class="${run.mode === 'live' ? 'note bad' : 'note'}">
          <strong>${run.mode === 'live' ? 'LIVE' : 'Drill'}</strong>, ${run.purpose}, started by
          ${run.starter}:
          <strong>${state}</strong>
        </p>
        <ul class="gates">
          ${openGates(steps).map(
            ({ step, gate }) =>
              html`<li>
                <a href="${gatePath(id, step.path)}"><strong>${gate.title}</strong><br />waits for people</a>
              </li>`,
          )}
        </ul>
        ${steps.map(({ deviation }) => deviation !== undefined && html`<p class="note bad"><strong>${deviationText(deviation)}</strong></p>`)}
        <h2>Steps</h2>
        <table>
          <tbody>
            ${steps.slice(0, MAX_STEPS).map(stepRow)}
          </tbody>
        </table>
        ${steps.length > MAX_STEPS && html`<p>And ${steps.length - MAX_STEPS} more.</p>`}
        <p class="small">${id}</p>`;
      return sendPage(reply, page({ title, body, actor: actorOf(request) }));
    },
  );
}

function stepRow({ title, state, outcome, failure, reason }: StepRecord): Html {
  return html`<tr>
    <td>${title}</td>
    <td>
      ${outcome ?? state}${(failure?.message ?? reason) !== undefined && html`<br /><span class="small">${failure?.message ?? reason}</span>`}
    </td>
  </tr>`;
}
