import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import { readInput } from '../input.ts';
import { allowedOperations } from '../world/replica-moves.ts';
import type { Replica, ReplicaPoint } from '../world/replicas.ts';
import { anyCase, listFields, pageOf, patternOf, queryId, queryTime } from './list.ts';
import type { ListRules } from './list.ts';
import { VSPHERE } from './platform.ts';
import { sessionShown } from './session-shown.ts';
import { versionOf } from './version.ts';

const REPLICA_COLUMNS = ['Name', 'CreationTime', 'PlatformId', 'JobId', 'PolicyTag', 'State'] as const;
const POINT_COLUMNS = ['CreationTime', 'PlatformId', 'ReplicaId', 'Name'] as const;

const replicaQuery = z.object({
  ...listFields(REPLICA_COLUMNS),
  createdAfterFilter: queryTime.optional(),
  createdBeforeFilter: queryTime.optional(),
  platformIdFilter: queryId.optional(),
  jobIdFilter: queryId.optional(),
  policyTagFilter: queryId.optional(),
  stateFilter: z.string().toLowerCase().optional(),
});
const pointQuery = z.object({
  ...listFields(POINT_COLUMNS),
  createdAfterFilter: queryTime.optional(),
  createdBeforeFilter: queryTime.optional(),
  platformNameFilter: z.string().toLowerCase().optional(),
  platformIdFilter: queryId.optional(),
  replicaIdFilter: queryId.optional(),
  malwareStatusFilter: anyCase(['Clean', 'Suspicious', 'Infected']).optional(),
});
const rescanBody = z.object({ replicaIds: z.array(z.guid()).default([]) });

const REPLICAS = '/api/v1/replicas';

/** The retention of a replica is that of its job. */
function policyOf({ chain }: Replica): string {
  return stableId(`policy/${chain.job.id}`);
}

/**
 * As the vendor has it, a replica's `name` is that of its job; what is replicated is named by its points. Only of regular
 * replicas the API tells more.
 */
function replicaShown(replica: Replica): Readonly<Record<string, unknown>> {
  const { job } = replica.chain;
  const isRegular = job.kind === 'replication';
  return {
    id: replica.id,
    type: isRegular ? 'Regular' : 'CDP',
    name: job.name,
    jobId: job.id,
    policyUniqueId: policyOf(replica),
    ...VSPHERE,
    ...(isRegular ? { creationTime: new Date(replica.createdAt).toISOString(), state: replica.state } : {}),
  };
}

function pointShown({ id, at, replica }: ReplicaPoint): Readonly<Record<string, unknown>> {
  return {
    id,
    name: replica.vm.name,
    ...VSPHERE,
    creationTime: new Date(at).toISOString(),
    replicaId: replica.id,
    allowedOperations: allowedOperations(replica.state),
    state: replica.state,
    malwareStatus: replica.vm.malware,
  };
}

function replicaRules(
  query: z.output<typeof replicaQuery>,
): ListRules<Replica, (typeof REPLICA_COLUMNS)[number]> {
  const { createdAfterFilter: after = -Infinity, createdBeforeFilter: before = Infinity } = query;
  return {
    columns: {
      Name: ({ chain }) => chain.job.name,
      CreationTime: ({ createdAt }) => createdAt,
      PlatformId: () => VSPHERE.platformId,
      JobId: ({ chain }) => chain.job.id,
      PolicyTag: policyOf,
      State: ({ state }) => state,
    },
    usual: { column: 'Name', ascending: true },
    nameOf: ({ chain }) => chain.job.name,
    isWanted: (replica) =>
      replica.createdAt > after &&
      replica.createdAt < before &&
      isOr(query.platformIdFilter, VSPHERE.platformId) &&
      isOr(query.jobIdFilter, replica.chain.job.id) &&
      (query.policyTagFilter === undefined || query.policyTagFilter === policyOf(replica)) &&
      isOr(query.stateFilter, replica.state.toLowerCase()),
  };
}

function pointRules(
  query: z.output<typeof pointQuery>,
): ListRules<ReplicaPoint, (typeof POINT_COLUMNS)[number]> {
  const { createdAfterFilter: after = -Infinity, createdBeforeFilter: before = Infinity } = query;
  return {
    columns: {
      CreationTime: ({ at }) => at,
      PlatformId: () => VSPHERE.platformId,
      ReplicaId: ({ replica }) => replica.id,
      Name: ({ replica }) => replica.vm.name,
    },
    usual: { column: 'CreationTime', ascending: false },
    nameOf: ({ replica }) => replica.vm.name,
    isWanted: ({ at, replica }) =>
      at > after &&
      at < before &&
      isOr(query.platformNameFilter, VSPHERE.platformName.toLowerCase()) &&
      isOr(query.platformIdFilter, VSPHERE.platformId) &&
      isOr(query.replicaIdFilter, replica.id) &&
      isOr(query.malwareStatusFilter, replica.vm.malware),
  };
}

function isOr(wanted: string | undefined, value: string): boolean {
  return wanted === undefined || wanted === value;
}

/** The calls on replicas and their restore points. */
export function addReplicaRoutes(app: FastifyInstance, { world, journal }: ServerContext): void {
  const replicas = () => world.protection.replicas;

  app.get(REPLICAS, async ({ query }) => {
    const asked = readInput(replicaQuery, query);
    return pageOf(replicas().list(), asked, replicaRules(asked), replicaShown);
  });
  app.get<{ Params: { id: string } }>(`${REPLICAS}/:id`, async ({ params }) =>
    replicaShown(replicas().get(params.id)),
  );
  app.post(`${REPLICAS}/rescan`, async (request, reply) => {
    const body = readInput(rescanBody, request.body);
    const unknown = body.replicaIds.find((id) => replicas().find(id)?.id !== id.toLowerCase());
    if (unknown !== undefined) {
      throw new SimulatorError('INVALID_REQUEST', `There is no replica with the id ${unknown}.`);
    }
    const session = world.protection.rescan(body.replicaIds);
    const call = `POST ${REPLICAS}/rescan`;
    journal.record({ system: 'vbr', call, target: session.id, by: clientOf(request), body });
    return reply.code(201).send(sessionShown(session, versionOf(request)));
  });

  app.get('/api/v1/replicaPoints', async ({ query }) => {
    const asked = readInput(pointQuery, query);
    const { replicaIdFilter, nameFilter = '*' } = asked;
    const among =
      replicaIdFilter === undefined ? replicas().list() : [replicas().find(replicaIdFilter) ?? []].flat();
    // Points are made when somebody asks for them: of one machine of thousands, only its own.
    const isNamed = patternOf(nameFilter);
    const points = among
      .filter(({ vm }) => isNamed(vm.name))
      .flatMap((replica) => replicas().points(replica));
    return pageOf(points, asked, pointRules(asked), pointShown);
  });
  app.get<{ Params: { id: string } }>('/api/v1/replicaPoints/:id', async ({ params }) =>
    pointShown(replicas().point(params.id)),
  );
  app.get<{ Params: { id: string } }>(`${REPLICAS}/:id/replicaPoints`, async ({ params, query }) => {
    const asked = readInput(pointQuery, query);
    // The vendor lists no 404 here: an unknown replica has no points.
    const replica = replicas().find(params.id);
    const points = replica?.id === params.id.toLowerCase() ? replicas().points(replica) : [];
    return pageOf(points, asked, pointRules(asked), pointShown);
  });
  app.get<{ Params: { replicaId: string; id: string } }>(
    `${REPLICAS}/:replicaId/replicaPoints/:id`,
    async ({ params }) => {
      const point = replicas().point(params.id);
      if (point.replica.id === params.replicaId.toLowerCase()) return pointShown(point);
      throw new SimulatorError(
        'UNKNOWN_REPLICA_POINT',
        `Replica ${params.replicaId} has no restore point ${params.id}.`,
      );
    },
  );
}
