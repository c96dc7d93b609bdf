import type { SessionNow } from '../world/sessions.ts';
import { VSPHERE } from './platform.ts';
import type { ApiVersion } from './version.ts';

/** A log record as VBR shows it. */
export interface LogRecord {
  readonly id: number;
  readonly status: 'None' | 'Succeeded' | 'Warning' | 'Failed';
  readonly startTime: string;
  readonly updateTime: string;
  readonly title: string;
  readonly description: string;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** The `result` of a session, which it has when it is over. */
export function resultShown({ ended }: SessionNow): Readonly<Record<string, unknown>> | null {
  return ended === undefined
    ? null
    : { result: ended.result, message: ended.message, isCanceled: ended.isCanceled };
}

/** Versions before 1.2 call the job `activityId`, and do not speak of platforms; 1.1-rev0 knows jobs only. */
export function sessionShown(session: SessionNow, version: ApiVersion): Readonly<Record<string, unknown>> {
  const { id, name, type, jobId, startedAt, ended, state, percent, number } = session;
  return {
    id,
    name,
    ...(version === '1.2-rev1' ? { jobId } : { activityId: jobId }),
    sessionType: version === '1.1-rev0' ? 'Job' : type,
    creationTime: iso(startedAt),
    endTime: ended === undefined ? null : iso(ended.at),
    state,
    progressPercent: percent,
    result: resultShown(session),
    resourceId: null,
    resourceReference: null,
    parentSessionId: null,
    usn: state === 'Starting' ? 0 : number,
    ...(version === '1.2-rev1' ? VSPHERE : {}),
  };
}

const STATUS = { Success: 'Succeeded', Warning: 'Warning', Failed: 'Failed' } as const;

/** What the session has logged so far, newest first. */
export function logOf(session: SessionNow): LogRecord[] {
  const { name, type, startedAt, state, ended, reason, stoppingSince } = session;
  const records: Omit<LogRecord, 'id'>[] = [];
  const add = (status: LogRecord['status'], from: number, to: number, title: string): void => {
    records.push({ status, startTime: iso(from), updateTime: iso(to), title, description: '' });
  };
  const title = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  add('Succeeded', startedAt, startedAt, `Starting ${title} of ${name}`);
  if (reason !== undefined && reason !== '') add('Succeeded', startedAt, startedAt, `Reason: ${reason}`);
  if (state !== 'Starting') {
    const status = ended === undefined ? 'None' : STATUS[ended.result];
    add(status, startedAt, ended?.at ?? startedAt, `Processing ${name}`);
  }
  if (stoppingSince !== undefined) add('Warning', stoppingSince, stoppingSince, 'Stopping the operation');
  if (ended !== undefined) {
    const how = ended.result === 'Success' ? 'completed' : `ended: ${ended.message}`;
    add(STATUS[ended.result], ended.at, ended.at, `The ${title} of ${name} ${how}`);
  }
  return records.map((record, index) => ({ id: index + 1, ...record })).reverse();
}
