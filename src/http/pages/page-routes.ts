import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { IdentityError } from '../../identity/index.ts';
import type { HttpParts } from '../parts.ts';
import { answerProblem, problemOf } from '../problem.ts';
import { musterOf } from '../routes/typed.ts';
import { actorOf, OPEN } from '../session.ts';
import { cliPage } from './cli-page.ts';
import { emergencyPages } from './emergency-pages.ts';
import { gatePage } from './gate-page.ts';
import { gatePath } from '../../model/page-paths.ts';
import { html } from './html.ts';
import { page, sendPage } from './layout.ts';
import { providerPages } from './provider-pages.ts';
import { runPage } from './run-page.ts';
import { signInPage } from './sign-in-page.ts';
import { STYLE } from './style.ts';

const hide = { hide: true } as const;

/** The pages for a phone. Opening one never changes anything: answers are posted. */
export async function pageRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  // Pages take forms, and nothing else.
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.setErrorHandler(async (error, request, reply) => {
    if (request.headers.accept?.includes('text/html') !== true) return answerProblem(error, request, reply);
    const isStranger = error instanceof IdentityError && error.code === 'identity.notSignedIn';
    if (isStranger && request.method === 'GET') {
      return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
    }
    const { status, title, code, hint } = problemOf(error);
    if (status >= 500) request.log.error({ err: error }, title);
    const body = html`<h1>${title}</h1>
      <p class="note bad">${code}</p>
      ${hint !== undefined && html`<p>${hint}</p>`}
      <p><a href="/">Back to what waits</a></p>`;
    return sendPage(reply, page({ title, body }), status);
  });

  app.get('/style.css', { schema: hide, config: OPEN }, async (_request, reply) =>
    reply
      .header('content-type', 'text/css; charset=utf-8')
      .header('cache-control', 'max-age=3600')
      .send(STYLE),
  );

  signInPage(app, parts);
  if (parts.hasProvider) providerPages(app, parts);
  cliPage(app, parts);
  gatePage(app, parts);
  emergencyPages(app, parts);
  runPage(app, parts);

  app.get('/', { schema: hide }, async (request, reply) => {
    const gates = await musterOf(request, parts).inbox();
    const sorted = [...gates].sort((a, b) => Number(b.isMine) - Number(a.isMine));
    const body = html`<h1>What waits for people</h1>
      ${gates.length === 0 && html`<p>Nothing waits.</p>`}
      <ul class="gates">
        ${sorted.map(
          ({ runId, gate, title, runbook, isMine }) =>
            html`<li>
              <a href="${gatePath(runId, gate)}">
                <strong>${title}</strong><br />${runbook}${isMine && ', waits for you'}
              </a>
            </li>`,
        )}
      </ul>`;
    return sendPage(reply, page({ title: 'What waits', body, actor: actorOf(request) }));
  });
}
