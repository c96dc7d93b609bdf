import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { breakGlassBody, spokenBody } from '../../client/emergency-wire.ts';
import { runId, stepPath } from '../../client/wire.ts';
import type { HttpParts } from '../parts.ts';
import { assertNeedsNoProof } from '../routes/emergency.ts';
import { musterOf, typed } from '../routes/typed.ts';
import { actorOf } from '../session.ts';
import { gatePath, runPath } from '../../model/page-paths.ts';
import { html } from './html.ts';
import { page, sendPage } from './layout.ts';

const params = z.object({ runId, '*': stepPath });
const hide = { hide: true } as const;

/** Where the forms for emergencies are posted to. */
export function emergencyPages(app: FastifyInstance, parts: HttpParts): void {
  typed(app).post(
    '/runs/:runId/spoken/*',
    { schema: { ...hide, params, body: spokenBody.omit({ gate: true }) } },
    async (request, reply) => {
      const { runId: id, '*': gate } = request.params;
      const { comment = '', ...body } = request.body;
      const why = comment.trim();
      const result = await musterOf(request, parts).spoken({
        runId: id,
        gate,
        ...body,
        ...(why !== '' && { comment: why }),
      });
      if (result.state === 'counted') return reply.redirect(runPath(id), 303);
      const title = 'Kept, and it does not count yet';
      const told = html`<h1>${title}</h1>
        <p>
          A second witness, somebody else, has to hear it and enter the same before
          <strong>${new Date(result.until).toISOString().slice(11, 16)} UTC</strong>.
        </p>
        <p><a href="${gatePath(id, gate)}">Back to the card</a></p>`;
      return sendPage(reply, page({ title, body: told, actor: actorOf(request) }));
    },
  );

  typed(app).post(
    '/runs/:runId/break-glass/*',
    { schema: { ...hide, params, body: breakGlassBody.omit({ gate: true }) } },
    async (request, reply) => {
      const { runId: id, '*': gate } = request.params;
      assertNeedsNoProof(actorOf(request), parts);
      await musterOf(request, parts).breakGlass({ runId: id, gate, ...request.body });
      return reply.redirect(runPath(id), 303);
    },
  );
}
