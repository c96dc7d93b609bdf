import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { CallOptions } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';
import { inChunks } from '../in-chunks.ts';
import { MAX_LISTED, shortName } from '../read.ts';
import { viewReplica, type MachineReplica } from './replicas.ts';

/** Replicas looked at more closely at once; each takes two requests at a time. */
const AT_ONCE = 5;

interface Found {
  readonly ids: readonly string[];
  readonly total: number;
}

/** The replicas of the machines with a name like this, in a state; all of them by default. The first are shown. */
export async function listReplicas(
  connection: VbrConnection,
  { name, state }: InputOf<'vbr.replicas'>,
  options: CallOptions,
): Promise<OutputOf<'vbr.replicas'>> {
  const { ids, total } =
    name === undefined
      ? await inState(connection, state, options)
      : await ofMachines(connection, { name, state }, options);
  const replicas = await inChunks(ids, AT_ONCE, (id) => viewReplica(connection, id, options));
  return { replicas: replicas.map(infoOf), total, more: Math.max(0, total - replicas.length) };
}

/** A replica as an output shows it. */
export function infoOf({ id, name, job, state, type }: MachineReplica) {
  return { id, name: shortName(name), job: shortName(job), state, type };
}

async function inState(
  { client }: VbrConnection,
  state: string | undefined,
  options: CallOptions,
): Promise<Found> {
  const { data, pagination } = await client.replicas.list(
    { limit: MAX_LISTED, orderColumn: 'Name', ...(state === undefined ? {} : { stateFilter: state }) },
    options,
  );
  return { ids: data.slice(0, MAX_LISTED).map(({ id }) => id), total: pagination.total };
}

/** Only points are found by the names of machines. A point has the state of its replica. */
async function ofMachines(
  { client }: VbrConnection,
  { name, state }: { readonly name: string; readonly state: string | undefined },
  options: CallOptions,
): Promise<Found> {
  const { data } = await client.replicaPoints.all({ nameFilter: name, orderColumn: 'Name' }, options);
  const ids = new Set(
    data.filter((point) => state === undefined || point.state === state).map(({ replicaId }) => replicaId),
  );
  return { ids: [...ids].slice(0, MAX_LISTED), total: ids.size };
}
