import { isJsonObject, textOf, type JsonObject } from '../../src/model/json.ts';
import type { VbrSession } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';

/** The newest sessions of a kind, as a mark to which later ones are compared. */
export interface SessionMark {
  /** The server's own time of the newest; null: there was none. */
  readonly newest: string | null;
  /** Those of that very time. */
  readonly known: readonly string[];
}

type SessionType = VbrSession['sessionType'];

/** Remembers which sessions of a kind there are. Only the server's clock counts. */
export async function markSessions({ client }: VbrConnection, type: SessionType): Promise<SessionMark> {
  const { data } = await client.sessions.list({
    typeFilter: type,
    orderColumn: 'CreationTime',
    orderAsc: false,
    limit: 100,
  });
  const newest = data
    .map(({ creationTime }) => creationTime)
    .reduce<string | null>((a, b) => (a !== null && Date.parse(a) >= Date.parse(b) ? a : b), null);
  return {
    newest,
    known: data.filter(({ creationTime }) => creationTime === newest).map(({ id }) => id),
  };
}

/** The sessions of a kind that began after a mark was made, oldest first. */
export async function sessionsSince(
  { client }: VbrConnection,
  type: SessionType,
  mark: JsonObject | undefined,
): Promise<readonly VbrSession[]> {
  const newest = textOf(mark?.['newest']);
  const known: readonly unknown[] = Array.isArray(mark?.['known']) ? mark['known'] : [];
  const { data } = await client.sessions.all({
    typeFilter: type,
    orderColumn: 'CreationTime',
    orderAsc: true,
    ...(newest === undefined ? {} : { createdAfterFilter: newest }),
  });
  // Whether the filter leaves out sessions of that very time is not documented.
  return data.filter(
    ({ id, creationTime }) =>
      !known.includes(id) && (newest === undefined || Date.parse(creationTime) >= Date.parse(newest)),
  );
}

/** The mark in a baseline. */
export function markIn(baseline: JsonObject): JsonObject | undefined {
  const { mark } = baseline;
  return isJsonObject(mark) ? mark : undefined;
}
