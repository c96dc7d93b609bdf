import type { FastifyInstance } from 'fastify';
import type { CollectionRun } from './collection.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';

/** The first session's id: older ones, of before the simulation, are gone. */
const FIRST_ID = 1000;

/** What Veeam ONE calls the position of a status in its list. */
const PRIORITIES: Readonly<Record<string, number>> = { Processing: 1, Stopped: 2, Success: 0 };

function statusOf(run: CollectionRun, now: number): 'Processing' | 'Stopped' | 'Success' {
  if (run.stopped) return 'Stopped';
  return run.endsAt > now ? 'Processing' : 'Success';
}

function shown(run: CollectionRun, now: number): Item {
  const status = statusOf(run, now);
  return {
    jobSessionId: FIRST_ID + run.id,
    name: 'Object properties data collection',
    type: 'AggregateProperties',
    status,
    statusPriority: PRIORITIES[status] ?? 0,
    start: new Date(run.startedAt).toISOString(),
    end: status === 'Processing' ? null : new Date(run.endsAt).toISOString(),
  };
}

function recordsOf(run: CollectionRun, now: number): Item[] {
  const records = [{ details: 'Data collection is started.', at: run.startedAt }];
  if (run.stopped) records.push({ details: 'Data collection is stopped by a user.', at: run.endsAt });
  else if (run.endsAt <= now) {
    records.push({ details: 'Root objects are collected.', at: run.endsAt });
    records.push({ details: 'Data collection is completed.', at: run.endsAt });
  }
  return records.map(({ details, at }, index) => ({
    sessionRecordId: index,
    details,
    logDateTime: new Date(at).toISOString(),
  }));
}

/** `/sessions`: the data collections, newest first. */
export function addSessionRoutes(app: FastifyInstance, { collection, clock }: OneContext): void {
  const runOf = (id: string): CollectionRun =>
    only(
      collection.runs().find((run) => String(FIRST_ID + run.id) === id),
      'session',
      id,
    );

  app.get('/sessions', async ({ query }) => {
    const now = clock.now();
    return pageOf(
      collection
        .runs()
        .map((run) => shown(run, now))
        .reverse(),
      query,
    );
  });
  app.get<{ Params: { sessionId: string } }>('/sessions/:sessionId', async ({ params }) =>
    shown(runOf(params.sessionId), clock.now()),
  );
  app.get<{ Params: { sessionId: string } }>('/sessions/:sessionId/details', async ({ params, query }) =>
    pageOf(recordsOf(runOf(params.sessionId), clock.now()), query),
  );
}
