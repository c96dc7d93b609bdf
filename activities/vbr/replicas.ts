import type { CallOptions, Replica, ReplicaPoint } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';
import { inChunks } from '../in-chunks.ts';
import { StepError } from '../step-error.ts';

/** Replicas looked for at once. */
const AT_ONCE = 8;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds replicas by name or id, in the order given. @throws StepError `vbr.replicaNotFound`, `veeam.ambiguousName` */
export async function findReplicas(
  connection: VbrConnection,
  namesOrIds: readonly string[],
  options: CallOptions = {},
): Promise<Replica[]> {
  const found = await inChunks(namesOrIds, AT_ONCE, (one) => findReplica(connection, one, options));
  return found.filter(({ id }, index) => found.findIndex((other) => other.id === id) === index);
}

async function findReplica(
  { client, name: server }: VbrConnection,
  nameOrId: string,
  options: CallOptions,
): Promise<Replica> {
  if (UUID.test(nameOrId)) return client.replicas.get(nameOrId, options);
  const { data } = await client.replicas.all({ nameFilter: nameOrId }, options);
  const [only, ...others] = data.filter(({ name }) => name === nameOrId);
  const shown = `"${nameOrId.slice(0, 100)}"`;
  if (only === undefined) {
    throw new StepError(
      'vbr.replicaNotFound',
      `${server} has no replica ${shown} that this account may see. Check the spelling; letter case counts.`,
    );
  }
  if (others.length > 0) {
    throw new StepError(
      'veeam.ambiguousName',
      `${server} has ${others.length + 1} replicas named ${shown}. Use the id instead.`,
    );
  }
  return only;
}

/** The restore points of a replica, newest first. */
export async function pointsOf(
  { client }: VbrConnection,
  { id }: Replica,
  options: CallOptions = {},
): Promise<readonly ReplicaPoint[]> {
  const { data } = await client.replicaPoints
    .of(id)
    .all({ orderColumn: 'CreationTime', orderAsc: false }, options);
  return [...data].sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime));
}
