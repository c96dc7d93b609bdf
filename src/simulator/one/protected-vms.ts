import type { FastifyInstance } from 'fastify';
import type { BackupServer, Chain, ProtectedVm } from '../world/inventory.ts';
import type { RestorePoint } from '../world/rhythm.ts';
import type { OneContext } from './context.ts';
import { pageOf, pageOfMany } from './query/page.ts';
import type { Item } from './query/property.ts';
import { incrementBytes, isoTime, REPOSITORY } from './show.ts';

/** What Veeam ONE knew of restore points when it last collected data. */
interface Collected {
  readonly server: BackupServer | undefined;
  backupPoints(vm: ProtectedVm): readonly RestorePoint[];
  replicaPoints(vm: ProtectedVm): readonly RestorePoint[];
}

function collectedBy({ world, collection }: OneContext): Collected {
  const asOf = collection.asOf();
  const { inventory, replicas } = world.protection;
  // Found once for all of them: finding one brings the whole world up to date.
  const byId = once(() => new Map(replicas.list().map((replica) => [replica.id, replica])));
  return {
    // All jobs belong to the first backup server.
    server: inventory.servers[0],
    backupPoints: (vm) => inventory.backupPoints(vm, asOf),
    replicaPoints: (vm) => {
      const replica = vm.replica === undefined ? undefined : byId().get(vm.replica.id);
      return replica === undefined ? [] : replicas.points(replica, asOf);
    },
  };
}

interface Chained {
  readonly chain: Chain;
  readonly type: 'VMBackup' | 'Replication' | 'CDPPolicy';
  /** Newest first. */
  readonly points: () => readonly RestorePoint[];
}

/** Restore points are only looked up when they are asked for: there may be 20,000 VMs. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function chainsOf(vm: ProtectedVm, collected: Collected): Chained[] {
  const backup: Chained = {
    chain: vm.backup,
    type: 'VMBackup',
    points: once(() => collected.backupPoints(vm)),
  };
  if (vm.replica === undefined) return [backup];
  const points = once(() => collected.replicaPoints(vm));
  const type = vm.replica.job.kind === 'cdpPolicy' ? 'CDPPolicy' : 'Replication';
  return [backup, { chain: vm.replica, type, points }];
}

/** The chain with the newest restore point, and when that was made. */
function newestOf(vm: ProtectedVm, collected: Collected): { chain: Chain; at: number } | undefined {
  return chainsOf(vm, collected)
    .flatMap(({ chain, points }) => {
      const [newest] = points();
      return newest === undefined ? [] : [{ chain, at: newest.at }];
    })
    .sort((a, b) => b.at - a.at)[0];
}

function shown(vm: ProtectedVm, collected: Collected): Item {
  const { server } = collected;
  const newest = once(() => newestOf(vm, collected));
  return {
    vmId: vm.number,
    vmUidInVbr: vm.id,
    vmIdInHypervisor: `vm-${1000 + vm.number}`,
    backupServerId: server?.number ?? 1,
    backupServerName: server?.name ?? null,
    name: vm.name,
    platform: 'VSphere',
    parentHostName: vm.hostName,
    ipAddresses: [vm.ipAddress],
    usedSourceSizeBytes: vm.usedBytes,
    provisionedSourceSizeBytes: vm.provisionedBytes,
    get lastProtectedDate() {
      return isoTime(newest()?.at);
    },
    get jobUid() {
      return newest()?.chain.job.id ?? null;
    },
    get jobName() {
      return newest()?.chain.job.name ?? null;
    },
  };
}

function shownBackup(vm: ProtectedVm, { chain, type, points }: Chained, { server }: Collected): Item {
  const increment = incrementBytes(vm.usedBytes);
  const total = (): number => (points().length === 0 ? 0 : vm.usedBytes + (points().length - 1) * increment);
  return {
    backupUid: chain.id,
    vmUidInVbr: vm.id,
    jobUid: chain.job.id,
    jobName: chain.job.name,
    type,
    get totalRestorePointSizeBytes() {
      return total();
    },
    get latestRestorePointSizeBytes() {
      return points().length === 0 ? 0 : increment;
    },
    get restorePoints() {
      return points().length;
    },
    get lastProtectedDate() {
      return isoTime(points()[0]?.at);
    },
    repository: type === 'VMBackup' ? REPOSITORY : null,
    backupServerId: server?.number ?? 1,
    backupServerName: server?.name ?? null,
    get totalUniqueRestorePointsSizeBytes() {
      return total();
    },
    get uniqueRestorePoints() {
      return points().length;
    },
  };
}

function shownBackups(vm: ProtectedVm, collected: Collected): Item[] {
  return chainsOf(vm, collected).map((chained) => shownBackup(vm, chained, collected));
}

function shownBackupPoints(vm: ProtectedVm, collected: Collected): Item[] {
  const points = collected.backupPoints(vm);
  return points.map(({ id, at }, index) => {
    // The oldest one that is kept is the full backup.
    const isIncremental = index < points.length - 1;
    return {
      restorePointUid: id,
      backupUid: vm.backup.id,
      vmUidInVbr: vm.id,
      jobUid: vm.backup.job.id,
      jobName: vm.backup.job.name,
      repositoryUid: REPOSITORY.repositoryUidInVbr,
      sizeBytes: isIncremental ? incrementBytes(vm.usedBytes) : vm.usedBytes,
      provisionedSourceSizeBytes: vm.provisionedBytes,
      usedSourceSizeBytes: vm.usedBytes,
      fileCreationDate: isoTime(at),
      isIncremental,
      immutableTill: null,
    };
  });
}

function shownReplicaPoints(vm: ProtectedVm, collected: Collected): Item[] {
  const { replica } = vm;
  if (replica === undefined) return [];
  return collected.replicaPoints(vm).map(({ id, at }) => ({
    replicaRestorePointUid: id,
    vmUidInVbr: vm.id,
    backupUid: replica.id,
    jobUid: replica.job.id,
    jobName: replica.job.name,
    hardwarePlan: null,
    creationDate: isoTime(at),
  }));
}

/** `/protectedData/virtualMachines` and what is below. An unknown VM has empty pages: even one VM is a page here. */
export function addProtectedVmRoutes(app: FastifyInstance, context: OneContext): void {
  const { world } = context;
  const base = '/protectedData/virtualMachines';
  const below = {
    '': (vm: ProtectedVm, known: Collected): Item[] => [shown(vm, known)],
    '/backups': shownBackups,
    '/backupRestorePoints': shownBackupPoints,
    '/replicaRestorePoints': shownReplicaPoints,
  };

  app.get(base, async ({ query }) => {
    const known = collectedBy(context);
    return pageOfMany(world.protection.inventory.vms, (vm) => shown(vm, known), query);
  });
  app.get(`${base}/backups`, async ({ query }) => {
    const known = collectedBy(context);
    const chains = world.protection.inventory.vms.flatMap((vm) =>
      chainsOf(vm, known).map((chained) => ({ vm, chained })),
    );
    return pageOfMany(chains, ({ vm, chained }) => shownBackup(vm, chained, known), query);
  });
  for (const [path, itemsOf] of Object.entries(below)) {
    app.get<{ Params: { vmUidInVbr: string } }>(`${base}/:vmUidInVbr${path}`, async ({ params, query }) => {
      const vm = world.protection.inventory.vm(params.vmUidInVbr);
      const isKnown = vm?.id === params.vmUidInVbr.toLowerCase();
      return pageOf(vm !== undefined && isKnown ? itemsOf(vm, collectedBy(context)) : [], query);
    });
  }
}
