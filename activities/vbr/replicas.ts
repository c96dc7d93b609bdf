import type { CallOptions, Replica, ReplicaPoint } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';
import { inChunks } from '../in-chunks.ts';
import { StepError } from '../step-error.ts';

/** Replicas looked for at once; each takes two requests at a time. */
const AT_ONCE = 5;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The replica of a machine. VBR calls a replica by its job, which may have many machines; what the machine is called
 * stands on its restore points.
 */
export interface MachineReplica {
  readonly id: string;
  /** The machine's name, by the newest point; the job's name while there is no point. */
  readonly name: string;
  /** The name of its replication job. */
  readonly job: string;
  readonly state: string;
  readonly type: string;
  /** Newest first. */
  readonly points: readonly ReplicaPoint[];
}

/**
 * Finds replicas, each once, in the order given. One is named by its machine, by its own id, or, where no machine has
 * the name, by its replication job, when that has this one machine only.
 *
 * @throws StepError `vbr.replicaNotFound`, `veeam.ambiguousName`
 */
export async function findReplicas(
  connection: VbrConnection,
  namesOrIds: readonly string[],
  options: CallOptions = {},
): Promise<MachineReplica[]> {
  const found = await inChunks(namesOrIds, AT_ONCE, (one) => findReplica(connection, one, options));
  return found.filter(({ id }, index) => found.findIndex((other) => other.id === id) === index);
}

/** A replica by its id. */
export async function viewReplica(
  { client }: VbrConnection,
  id: string,
  options: CallOptions = {},
): Promise<MachineReplica> {
  const [{ id: own, name: job, state, type }, points] = await Promise.all([
    client.replicas.get(id, options),
    pointsOf(client, id, options),
  ]);
  return {
    id: own,
    name: points[0]?.name ?? job,
    job,
    state: state ?? 'Unknown',
    type: type ?? 'Unknown',
    points,
  };
}

async function findReplica(
  connection: VbrConnection,
  nameOrId: string,
  options: CallOptions,
): Promise<MachineReplica> {
  if (UUID.test(nameOrId)) return viewReplica(connection, nameOrId, options);
  const shown = `"${nameOrId.slice(0, 100)}"`;
  const [machine, ...others] = await ofMachine(connection, nameOrId, options);
  if (machine !== undefined) {
    if (others.length === 0) return machine;
    throw ambiguous(`${connection.name} has ${others.length + 1} replicas of ${shown}. Use the id of one.`, [
      machine,
      ...others,
    ]);
  }
  const ofJob = (await connection.client.replicas.all({ nameFilter: nameOrId }, options)).data.filter(
    ({ name }) => name === nameOrId,
  );
  const [only] = ofJob;
  if (only === undefined) {
    throw new StepError(
      'vbr.replicaNotFound',
      `${connection.name} has no replica of a machine ${shown} that this account may see. Check the spelling; letter case counts.`,
    );
  }
  if (ofJob.length === 1) return viewReplica(connection, only.id, options);
  throw ambiguous(
    `${shown} is no machine, but a job of ${connection.name} that has ${ofJob.length} replicas. Name the machines.`,
    ofJob,
  );
}

/** The replicas whose machine has this name now; one that had it before it was renamed is none of them. */
async function ofMachine(
  connection: VbrConnection,
  name: string,
  options: CallOptions,
): Promise<MachineReplica[]> {
  const { data } = await connection.client.replicaPoints.all({ nameFilter: name }, options);
  const ids = new Set(data.filter((point) => point.name === name).map(({ replicaId }) => replicaId));
  const replicas = await inChunks([...ids], AT_ONCE, (id) => viewReplica(connection, id, options));
  return replicas.filter((replica) => replica.name === name);
}

async function pointsOf(
  client: VbrConnection['client'],
  id: string,
  options: CallOptions,
): Promise<readonly ReplicaPoint[]> {
  const { data } = await client.replicaPoints
    .of(id)
    .all({ orderColumn: 'CreationTime', orderAsc: false }, options);
  return [...data].sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime));
}

function ambiguous(message: string, replicas: readonly Pick<Replica, 'id'>[]): StepError {
  return new StepError('veeam.ambiguousName', message, {
    details: { replicas: replicas.slice(0, 50).map(({ id }) => id) },
  });
}
