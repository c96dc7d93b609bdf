import type { CallOptions, CommandOptions } from '../calls.ts';
import type { Page } from '../paging.ts';
import { vbrPageOf } from '../schemas/vbr-page.ts';
import { vbrSession, vbrSessionLog, vbrTaskSession } from '../schemas/vbr-session.ts';
import type { VbrCalls } from './calls.ts';
import { vbrCollection } from './collection.ts';
import type { VbrCollection } from './collection.ts';
import type { VbrSession, VbrSessionLog, VbrTaskSession } from './types.ts';

/** Whether a session is over. Only then are `endTime` and `result` final. */
export function isSessionFinished({ state }: { readonly state: VbrSession['state'] }): boolean {
  return state === 'Stopped';
}

export type SessionFilters = {
  readonly nameFilter?: string;
  readonly createdAfterFilter?: string;
  readonly createdBeforeFilter?: string;
  readonly endedAfterFilter?: string;
  readonly endedBeforeFilter?: string;
  readonly typeFilter?: VbrSession['sessionType'];
  readonly stateFilter?: VbrSession['state'];
  readonly resultFilter?: NonNullable<VbrSession['result']>['result'];
  readonly jobIdFilter?: string;
};

export type TaskSessionFilters = Omit<SessionFilters, 'typeFilter' | 'jobIdFilter'> & {
  readonly typeFilter?: VbrTaskSession['type'];
  readonly sessionTypeFilter?: VbrSession['sessionType'];
  readonly scanTypeFilter?: NonNullable<VbrTaskSession['scanType']>;
  readonly scanResultFilter?: NonNullable<VbrTaskSession['scanResult']>;
  readonly scanStateFilter?: NonNullable<VbrTaskSession['scanState']>;
  readonly sessionIdFilter?: string;
};

type SessionColumn = 'Name' | 'SessionType' | 'CreationTime' | 'EndTime' | 'State' | 'Result';
type TaskColumn = SessionColumn | 'Type' | 'ScanState' | 'ScanResult';

/** What the server did and is doing. */
export interface Sessions extends VbrCollection<VbrSession, SessionColumn, SessionFilters> {
  get(id: string, options?: CallOptions): Promise<VbrSession>;
  logs(id: string, options?: CallOptions): Promise<VbrSessionLog>;
  /** Asks a session to stop; it does when it can, so watch its state. */
  stop(id: string, options?: CommandOptions): Promise<void>;
  /**
   * The work on each object. Needs API version 1.2-rev1: veeam.badInput otherwise. The call has no paging: where
   * `data` is shorter than `total`, ask `taskSessions.all` with a `sessionIdFilter`.
   */
  taskSessions(id: string, options?: CallOptions): Promise<Page<VbrTaskSession>>;
}

/** The work on single objects, of all sessions. Needs API version 1.2-rev1: veeam.badInput otherwise. */
export interface TaskSessions extends VbrCollection<VbrTaskSession, TaskColumn, TaskSessionFilters> {
  get(id: string, options?: CallOptions): Promise<VbrTaskSession>;
  logs(id: string, options?: CallOptions): Promise<VbrSessionLog>;
}

const taskSessionPage = vbrPageOf(vbrTaskSession);

export function sessions(calls: VbrCalls): Sessions {
  return {
    ...vbrCollection(calls, { verb: 'sessions.list', item: vbrSession }),
    get: (id, options) => calls.read('sessions.get', { params: { id }, schema: vbrSession }, options),
    logs: (id, options) => calls.read('sessions.logs', { params: { id }, schema: vbrSessionLog }, options),
    stop: (id, options) =>
      calls.command('sessions.stop', { params: { id }, result: () => undefined }, options),
    taskSessions: async (id, options) => {
      const { pagination, data } = await calls.read(
        'sessions.taskSessions',
        { params: { id }, schema: taskSessionPage },
        options,
      );
      return { total: pagination.total, data };
    },
  };
}

export function taskSessions(calls: VbrCalls): TaskSessions {
  return {
    ...vbrCollection(calls, { verb: 'taskSessions.list', item: vbrTaskSession }),
    get: (id, options) => calls.read('taskSessions.get', { params: { id }, schema: vbrTaskSession }, options),
    logs: (id, options) =>
      calls.read('taskSessions.logs', { params: { id }, schema: vbrSessionLog }, options),
  };
}
