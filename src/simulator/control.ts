import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseFault } from './fault-schema.ts';
import type { Faults } from './faults.ts';
import { queryInteger, readInput } from './input.ts';
import type { JournalEntry } from './journal.ts';
import { entriesFor } from './journal.ts';
import { createServer, messageOf, statusOf } from './server.ts';
import { addConsoleRoutes } from './vro/console.ts';
import type { World, WorldReport } from './world/world.ts';

/** What the control server steers: the simulator of its own process. */
export interface Controlled {
  readonly journal: readonly JournalEntry[];
  readonly faults: Faults;
  readonly world: Pick<World, 'command' | 'changeLog'>;
  reboot(options?: { rewound?: boolean }): void;
  reset(): void;
  report(): WorldReport;
}

const journalQuery = z.object({
  call: z.string().optional(),
  target: z.string().optional(),
  after: queryInteger.optional(),
});
const rebootBody = z.object({ rewound: z.boolean().default(false) });

/** The JSON door for other processes and for curious people. It has no login, so it listens on loopback only. */
export function createControlServer(simulator: Controlled): FastifyInstance {
  const { journal, faults } = simulator;
  const app = createServer();
  app.setErrorHandler((error, _request, reply) =>
    reply.code(statusOf(error)).send({ message: messageOf(error) }),
  );

  addConsoleRoutes(app, simulator.world);
  app.get('/world', async () => simulator.report());
  app.get('/journal', async ({ query }) => entriesFor(journal, readInput(journalQuery, query)));
  app.get('/requests', async () => ({
    insideRetryAfter: faults.insideRetryAfter,
    calls: faults.requests(),
  }));
  app.get('/faults', async () => faults.list());
  app.post('/faults', async ({ body }, reply) => {
    const { id } = faults.add(parseFault(body));
    return reply.code(201).send({ id });
  });
  app.delete('/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.post<{ Params: { id: string } }>('/faults/:id/release', async ({ params }, reply) => {
    faults.release(params.id);
    return reply.code(204).send();
  });
  app.post('/reboot', async ({ body }, reply) => {
    simulator.reboot(readInput(rebootBody, body));
    return reply.code(204).send();
  });
  app.post('/reset', async (_request, reply) => {
    simulator.reset();
    return reply.code(204).send();
  });
  return app;
}
