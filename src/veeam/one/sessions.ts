import type { CallOptions } from '../calls.ts';
import { parseAnswer } from '../parse-answer.ts';
import { oneSession, oneSessionRecord } from '../schemas/one-task.ts';
import type { OneCalls } from './calls.ts';
import { oneCollection } from './collection.ts';
import type { OneCollection, OneId } from './collection.ts';
import type { OneSession, OneSessionRecord } from './types.ts';

/** What Veeam ONE's own tasks did. */
export interface OneSessions extends OneCollection<OneSession> {
  /** Undefined where the server answers that there is nothing (204). */
  get(sessionId: OneId, options?: CallOptions): Promise<OneSession | undefined>;
  /** The log of a session. */
  detailsOf(sessionId: OneId): OneCollection<OneSessionRecord>;
}

export function oneSessions(calls: OneCalls): OneSessions {
  return {
    ...oneCollection(calls, {
      verb: 'sessions.list',
      item: oneSession,
      identity: ['jobSessionId'],
      needs: ['status'],
    }),
    get: (sessionId, options) =>
      calls.read(
        'sessions.get',
        {
          params: { sessionId: String(sessionId) },
          result: (answer, site) =>
            answer.status === 204 ? undefined : parseAnswer(answer, oneSession, site),
        },
        options,
      ),
    detailsOf: (sessionId) =>
      oneCollection(calls, {
        verb: 'sessions.detailsOf',
        item: oneSessionRecord,
        identity: ['sessionRecordId'],
        params: { sessionId: String(sessionId) },
      }),
  };
}
