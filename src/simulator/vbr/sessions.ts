import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { readInput } from '../input.ts';
import type { SessionNow } from '../world/sessions.ts';
import type { ListRules } from './list.ts';
import { anyCase, listFields, pageOf, queryId, queryTime } from './list.ts';
import { logOf, sessionShown } from './session-shown.ts';
import { versionOf } from './version.ts';

const COLUMNS = ['Name', 'SessionType', 'CreationTime', 'EndTime', 'State', 'Result'] as const;

/** What sessions are filtered by, in the list of them and in that of their tasks. */
export const sessionFilters = {
  createdAfterFilter: queryTime.optional(),
  createdBeforeFilter: queryTime.optional(),
  endedAfterFilter: queryTime.optional(),
  endedBeforeFilter: queryTime.optional(),
  stateFilter: anyCase([
    'Stopped',
    'Starting',
    'Stopping',
    'Working',
    'Pausing',
    'Resuming',
    'WaitingTape',
    'Idle',
    'Postprocessing',
    'WaitingRepository',
    'WaitingSlot',
  ]).optional(),
  resultFilter: anyCase(['None', 'Success', 'Warning', 'Failed']).optional(),
};
type Filters = { readonly [Name in keyof typeof sessionFilters]?: z.output<(typeof sessionFilters)[Name]> };
const listQuery = z.object({
  ...listFields(COLUMNS),
  ...sessionFilters,
  typeFilter: queryId.optional(),
  jobIdFilter: queryId.optional(),
});

/** Whether a session passes the filters that sessions and tasks have in common. */
export function passes(session: SessionNow, filters: Filters): boolean {
  const { startedAt, ended, state } = session;
  const { endedAfterFilter: endedAfter, endedBeforeFilter: endedBefore } = filters;
  return (
    startedAt > (filters.createdAfterFilter ?? -Infinity) &&
    startedAt < (filters.createdBeforeFilter ?? Infinity) &&
    (endedAfter === undefined || (ended !== undefined && ended.at > endedAfter)) &&
    (endedBefore === undefined || (ended !== undefined && ended.at < endedBefore)) &&
    (filters.stateFilter ?? state) === state &&
    (filters.resultFilter === undefined || filters.resultFilter === (ended?.result ?? 'None'))
  );
}

/** What sessions and tasks are ordered by. */
export const sessionColumns: ListRules<SessionNow, (typeof COLUMNS)[number]>['columns'] = {
  Name: ({ name }) => name,
  SessionType: ({ type }) => type,
  CreationTime: ({ startedAt }) => startedAt,
  EndTime: ({ ended }) => ended?.at,
  State: ({ state }) => state,
  Result: ({ ended }) => ended?.result ?? 'None',
};

const SESSIONS = '/api/v1/sessions';

/** The calls on sessions. */
export function addSessionRoutes(app: FastifyInstance, { world, journal }: ServerContext): void {
  const sessions = () => world.protection.sessions;

  app.get(SESSIONS, async (request) => {
    const asked = readInput(listQuery, request.query);
    const rules: ListRules<SessionNow, (typeof COLUMNS)[number]> = {
      columns: sessionColumns,
      usual: { column: 'CreationTime', ascending: false },
      nameOf: ({ name }) => name,
      isWanted: (session) =>
        passes(session, asked) &&
        (asked.typeFilter === undefined || asked.typeFilter === session.type.toLowerCase()) &&
        (asked.jobIdFilter === undefined || asked.jobIdFilter === session.jobId),
    };
    const version = versionOf(request);
    return pageOf(sessions().list(), asked, rules, (session) => sessionShown(session, version));
  });
  app.get<{ Params: { id: string } }>(`${SESSIONS}/:id`, async (request) =>
    sessionShown(sessions().get(request.params.id), versionOf(request)),
  );
  app.get<{ Params: { id: string } }>(`${SESSIONS}/:id/logs`, async ({ params }) => {
    const records = logOf(sessions().get(params.id));
    return { totalRecords: records.length, records };
  });
  app.post<{ Params: { id: string } }>(`${SESSIONS}/:id/stop`, async (request) => {
    const { id, state } = sessions().get(request.params.id);
    sessions().stop(id);
    if (state === 'Starting' || state === 'Working') {
      const call = `POST ${SESSIONS}/{id}/stop`;
      journal.record({ system: 'vbr', call, target: id, by: clientOf(request), body: null });
    }
    return {};
  });
}
