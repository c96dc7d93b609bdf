import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientOf } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import type { OneContext } from './context.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';
import { scheduleSchema } from './schedule.ts';
import { isoTime, numberFor } from './show.ts';

const PROPERTIES = new Map(Object.keys(scheduleSchema.shape).map((name) => [name.toLowerCase(), name]));

/** The schedule's properties in a body, whatever their case; others are ignored. */
function changeOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new SimulatorError('INVALID_REQUEST', 'The request is invalid: its body is not a schedule.');
  }
  return Object.fromEntries(
    Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
      const name = PROPERTIES.get(key.toLowerCase());
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** `/dataCollection`: how fresh Veeam ONE's picture is, and when it is renewed. */
export function addDataCollectionRoutes(
  app: FastifyInstance,
  { world, collection, clock, journal }: OneContext,
): void {
  const record = (request: FastifyRequest, call: string, body: unknown): void =>
    journal.record({ system: 'one', call, target: 'dataCollection', by: clientOf(request), body });

  const tasks = (): Item[] => {
    const { servers, sites, start } = world.protection.inventory;
    const running = collection.running();
    const sources = [
      ...servers.map(({ id, name }) => ({ id, name, collectingType: 'VBR' })),
      ...Object.values(sites).map(({ id, name }) => ({
        id,
        name: `vCenter ${name}`,
        collectingType: 'VMwarevCenter',
      })),
    ];
    return sources.map(({ id, name, collectingType }) => ({
      sessionId: collection.runs().at(-1)?.id ?? 0,
      taskId: numberFor(id),
      name,
      status: running === undefined ? 'Success' : 'Processing',
      statusPriority: running === undefined ? 0 : 1,
      modified: isoTime(start),
      lastRun: isoTime(collection.asOf()),
      collectingType,
    }));
  };

  app.get('/dataCollection/tasks', async ({ query }) => pageOf(tasks(), query));

  app.get('/dataCollection/status', async () => {
    const running = collection.running();
    const stopped = collection.runs().at(-1)?.stopped === true;
    const all = tasks().length;
    const share =
      running === undefined ? 1 : (clock.now() - running.startedAt) / (running.endsAt - running.startedAt);
    return {
      progress: Math.floor(share * 100),
      status: running !== undefined ? 'Processing' : stopped ? 'Stopped' : 'Success',
      manuallyStart: collection.nextAt() === undefined,
      nextRun: isoTime(collection.nextAt()),
      tasksSuccess: stopped ? 0 : all,
      tasksWarning: 0,
      tasksFailed: 0,
      tasksStopped: stopped ? all : 0,
    };
  });

  app.get('/dataCollection/schedule', async () => collection.schedule());
  app.patch('/dataCollection/schedule', async (request, reply) => {
    const schedule = collection.reschedule(changeOf(request.body));
    record(request, 'PATCH /dataCollection/schedule', schedule);
    return reply.code(200).send();
  });
  app.post('/dataCollection/start', async (request, reply) => {
    if (collection.start()) record(request, 'POST /dataCollection/start', {});
    return reply.code(200).send();
  });
  app.post('/dataCollection/stop', async (request, reply) => {
    if (collection.stop()) record(request, 'POST /dataCollection/stop', {});
    return reply.code(200).send();
  });
}
