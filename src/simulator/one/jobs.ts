import type { FastifyInstance } from 'fastify';
import { stableId } from '../ids.ts';
import type { CdpPolicy, Job, SureBackupJob } from '../world/inventory.ts';
import type { PlanNow } from '../world/world.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';
import { isoTime } from './show.ts';

/** All jobs belong to the first backup server. */
const BACKUP_SERVER_ID = 1;
/** How long a job takes for one machine, and for itself. */
const SECONDS_PER_MACHINE = 12;
const SECONDS_PER_JOB = 20;
const BYTES_PER_SECOND = 40 * 2 ** 20;

/** Failover plans are known by the VRO plan they belong to. */
function failoverPlan({ spec, situation }: PlanNow): Item {
  return {
    failoverPlanUid: stableId(`failoverPlan/${spec.id}`),
    backupServerId: BACKUP_SERVER_ID,
    status: failoverPlanStatus(situation),
    name: spec.name,
    description: spec.description,
    lastRun: isoTime(situation.execution?.startedAt),
  };
}

function failoverPlanStatus({ stable, active, execution, runResult }: PlanNow['situation']): string {
  const isUndo = execution?.operation === 'undoFailover';
  const isFailover = execution?.operation === 'failover';
  if (active && isFailover) return 'InProgress';
  if (active && isUndo) return 'InUndoProgress';
  if (stable === 'Halted') return isUndo ? 'UndoFailed' : 'Failed';
  if (stable === 'UndoFailoverComplete') return runResult === 'Error' ? 'UndoFailed' : 'UndoSuccess';
  if (stable !== 'FailoverComplete') return 'Ready';
  return runResult === 'Error' ? 'Failed' : runResult === 'Warning' ? 'Warning' : 'Success';
}

/** A replication job, as it was when data was collected last. */
function replicationJob(job: Job, lastRun: number, asOf: number): Item {
  const { everySeconds, isStopped } = job.rhythm;
  const takes = Math.min(everySeconds / 2, SECONDS_PER_JOB + job.size * SECONDS_PER_MACHINE);
  const isRunning = !isStopped && asOf < lastRun + takes * 1000;
  return {
    vmReplicationJobUid: job.id,
    backupServerId: BACKUP_SERVER_ID,
    status: isStopped ? 'Failed' : isRunning ? 'Running' : 'Success',
    details: isStopped ? [`The job has not run since ${isoTime(lastRun)}.`] : [],
    name: job.name,
    description: `Replicates ${job.size === 1 ? '1 VM' : `${job.size} VMs`}`,
    platform: 'VSphere',
    lastRun: isoTime(lastRun),
    lastRunDurationSec: Math.round(takes),
    avgDurationSec: Math.round(takes),
    lastTransferredDataBytes: Math.round(takes * BYTES_PER_SECOND),
  };
}

function cdpPolicy({ id, name, rpoSeconds, isDisabled }: CdpPolicy): Item {
  return {
    cdpPolicyUid: id,
    backupServerId: BACKUP_SERVER_ID,
    status: isDisabled ? 'Disabled' : 'Running',
    name,
    description: '',
    rpoSec: Math.round(rpoSeconds),
    shortTermRetentionSec: 4 * 3600,
    longTermRetentionSec: 8 * 3600,
    keepRestorePointsInDays: 7,
    clusterReference: 'Recovery cluster',
    hostReference: null,
    replicaNameSuffix: '_replica',
    sourceProxyAutoDetect: true,
    targetProxyAutoDetect: true,
    isApplicationAwareEnabled: false,
  };
}

function sureBackupJob({ id, name, result, lastRunAt, lastRunSeconds }: SureBackupJob): Item {
  const duration = Math.round(lastRunSeconds);
  return {
    sureBackupJobUid: id,
    backupServerId: BACKUP_SERVER_ID,
    name,
    status: result,
    details: [],
    createdBy: 'administrator',
    lastRun: result === 'None' ? null : isoTime(lastRunAt),
    lastRunDurationSec: result === 'None' ? null : duration,
    avgDurationSec: result === 'None' ? null : duration,
  };
}

/** `/vbr/failoverPlans` and `/vbrJobs`. */
export function addJobRoutes(app: FastifyInstance, { world, collection }: OneContext): void {
  const replicationJobs = (): Item[] => {
    const { inventory } = world.protection;
    const asOf = collection.asOf();
    return inventory.jobs
      .filter(({ kind }) => kind === 'replication')
      .map((job) => replicationJob(job, inventory.lastRunOf(job, asOf), asOf));
  };
  const failoverPlans = (): Item[] =>
    world
      .plans()
      .filter(({ spec }) => spec.planType === 'Replica')
      .map(failoverPlan);
  addCollection(app, {
    path: '/vbr/failoverPlans',
    id: 'failoverPlanUid',
    what: 'failover plan',
    items: failoverPlans,
  });
  addCollection(app, {
    path: '/vbrJobs/vmReplicationJobs',
    id: 'vmReplicationJobUid',
    what: 'VM replication job',
    items: replicationJobs,
  });
  addCollection(app, {
    path: '/vbrJobs/cdpPolicies',
    id: 'cdpPolicyUid',
    what: 'CDP policy',
    items: () => world.protection.inventory.cdpPolicies.map(cdpPolicy),
  });
  addCollection(app, {
    path: '/vbrJobs/sureBackupJobs',
    id: 'sureBackupJobUid',
    what: 'SureBackup job',
    items: () => world.protection.inventory.sureBackupJobs.map(sureBackupJob),
  });
}

/** A collection, and each of its items by the property that identifies it. */
function addCollection(
  app: FastifyInstance,
  { path, id, what, items }: { path: string; id: string; what: string; items: () => readonly Item[] },
): void {
  app.get(path, async ({ query }) => pageOf(items(), query));
  app.get<{ Params: Readonly<Record<string, string>> }>(`${path}/:${id}`, async ({ params }) => {
    const wanted = params[id] ?? '';
    return only(
      items().find((item) => item[id] === wanted.toLowerCase()),
      what,
      wanted,
    );
  });
}
