import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import { readInput } from '../input.ts';
import type { SessionNow } from '../world/sessions.ts';
import type { ListRules } from './list.ts';
import { anyCase, listFields, pageOf, queryId } from './list.ts';
import { iso, logOf, resultShown } from './session-shown.ts';
import { passes, sessionColumns, sessionFilters } from './sessions.ts';

const COLUMNS = [
  'Name',
  'Type',
  'SessionType',
  'CreationTime',
  'EndTime',
  'State',
  'Result',
  'ScanState',
  'ScanResult',
] as const;
type Column = (typeof COLUMNS)[number];

const listQuery = z.object({
  ...listFields(COLUMNS),
  ...sessionFilters,
  typeFilter: anyCase(['Backup', 'Restore', 'Antivirus', 'Replica']).optional(),
  sessionTypeFilter: queryId.optional(),
  sessionIdFilter: queryId.optional(),
  /** No session here scans: with one of these, nothing is found. */
  scanTypeFilter: z.string().optional(),
  scanResultFilter: z.string().optional(),
  scanStateFilter: z.string().optional(),
});

/** Every session processes one VM, and that is its one task. A rescan has none. */
interface Task {
  readonly id: string;
  readonly type: 'Replica' | 'Restore';
  readonly session: SessionNow;
}

function taskOf(session: SessionNow): Task[] {
  if (session.type === 'ConfigurationResynchronize') return [];
  const type = session.type === 'RestoreVm' ? 'Restore' : 'Replica';
  return [{ id: stableId(`${session.id}/task`), type, session }];
}

/** `00:01:17` */
function clockTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

function taskShown({ id, type, session }: Task, now: number): Readonly<Record<string, unknown>> {
  const { pointId, startedAt, ended, state, number, name } = session;
  const isReplica = type === 'Replica';
  return {
    id,
    type,
    sessionId: session.id,
    sessionType: session.type,
    creationTime: iso(startedAt),
    endTime: ended === undefined ? null : iso(ended.at),
    name,
    usn: number,
    state,
    result: resultShown(session),
    ...(isReplica
      ? {
          replicaPointId: pointId ?? null,
          replicaPointReference: pointId === undefined ? null : `/api/v1/replicaPoints/${pointId}`,
          algorithm: 'None',
          progress: {
            duration: clockTime((ended?.at ?? now) - startedAt),
            processingRate: 'N/A',
            bottleneck: 'NotDefined',
            processedSize: 0,
            readSize: 0,
            transferredSize: 0,
          },
        }
      : {}),
  };
}

function rulesFor(query: z.output<typeof listQuery>): ListRules<Task, Column> {
  const { typeFilter, sessionTypeFilter, sessionIdFilter } = query;
  const scans = [query.scanTypeFilter, query.scanResultFilter, query.scanStateFilter];
  const isForScans = scans.some((filter) => filter !== undefined);
  return {
    columns: {
      Name: ({ session }) => sessionColumns.Name(session),
      Type: ({ type }) => type,
      SessionType: ({ session }) => sessionColumns.SessionType(session),
      CreationTime: ({ session }) => sessionColumns.CreationTime(session),
      EndTime: ({ session }) => sessionColumns.EndTime(session),
      State: ({ session }) => sessionColumns.State(session),
      Result: ({ session }) => sessionColumns.Result(session),
      ScanState: () => undefined,
      ScanResult: () => undefined,
    },
    usual: { column: 'CreationTime', ascending: false },
    nameOf: ({ session }) => session.name,
    isWanted: ({ type, session }) =>
      !isForScans &&
      passes(session, query) &&
      (typeFilter ?? type) === type &&
      (sessionTypeFilter === undefined || sessionTypeFilter === session.type.toLowerCase()) &&
      (sessionIdFilter === undefined || sessionIdFilter === session.id),
  };
}

/** The calls on the tasks of sessions. */
export function addTaskSessionRoutes(
  app: FastifyInstance,
  { world, now }: Pick<ServerContext, 'world'> & { now: () => number },
): void {
  const tasks = (): Task[] => world.protection.sessions.list().flatMap(taskOf);
  const task = (id: string): Task => {
    const found = tasks().find((one) => one.id === id.toLowerCase());
    if (found !== undefined) return found;
    throw new SimulatorError('UNKNOWN_SESSION', `There is no task session with the id ${id}.`);
  };
  const page = (among: readonly Task[], query: unknown) => {
    const asked = readInput(listQuery, query);
    return pageOf(among, asked, rulesFor(asked), (one) => taskShown(one, now()));
  };

  app.get('/api/v1/taskSessions', async ({ query }) => page(tasks(), query));
  app.get<{ Params: { id: string } }>('/api/v1/taskSessions/:id', async ({ params }) =>
    taskShown(task(params.id), now()),
  );
  app.get<{ Params: { id: string } }>('/api/v1/taskSessions/:id/logs', async ({ params }) => {
    const records = logOf(task(params.id).session);
    return { totalRecords: records.length, records };
  });
  app.get<{ Params: { id: string } }>('/api/v1/sessions/:id/taskSessions', async ({ params, query }) => {
    // The vendor lists no 404 here: an unknown session has no tasks.
    const ofSession = tasks().filter(({ session }) => session.id === params.id.toLowerCase());
    return page(ofSession, query);
  });
}
