import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import { stableId } from '../ids.ts';
import { readInput } from '../input.ts';
import type { Chain, Inventory, Job } from '../world/inventory.ts';
import type { ListRules } from './list.ts';
import { listFields, pageOf, queryId, queryTime } from './list.ts';
import { PLATFORM_ID } from './platform.ts';
import { iso } from './session-shown.ts';

/** What a job keeps: of many VMs, or of the one computer that an agent backs up. */
interface Backup {
  readonly id: string;
  readonly job: Job;
  readonly createdAt: number;
}
/** A machine in a backup. */
interface Member {
  readonly id: string;
  readonly name: string;
  readonly backup: Chain;
}

const COLUMNS = ['Name', 'CreationTime', 'PlatformId', 'JobId', 'PolicyTag'] as const;
const OBJECT_COLUMNS = ['Name', 'Type'] as const;
/** Backups are older than anything that happens in the simulation; each a minute older than the one before. */
const FIRST_BACKUP_AGE_MS = 90 * 24 * 3_600_000;
const MINUTE_IN_MS = 60_000;

const listQuery = z.object({
  ...listFields(COLUMNS),
  createdAfterFilter: queryTime.optional(),
  createdBeforeFilter: queryTime.optional(),
  platformIdFilter: queryId.optional(),
  jobIdFilter: queryId.optional(),
  policyTagFilter: queryId.optional(),
});
const objectsQuery = z.object(listFields(OBJECT_COLUMNS));

function platformOf({ kind }: Job): string {
  return kind === 'agentBackup' ? 'WindowsPhysical' : 'VMware';
}

function policyOf({ id }: Job): string {
  return stableId(`policy/${id}`);
}

/** One backup per job. An agent's has the id that recovery tokens are issued for. */
function backupsIn({ jobs, computers, start }: Inventory): Backup[] {
  const idsOfAgents = new Map(computers.map(({ backup }) => [backup.job.id, backup.id]));
  return jobs
    .filter(({ kind }) => kind === 'backup' || kind === 'agentBackup')
    .map((job, index) => ({
      id: idsOfAgents.get(job.id) ?? stableId(`backup of ${job.id}`),
      job,
      createdAt: start - FIRST_BACKUP_AGE_MS - index * MINUTE_IN_MS,
    }));
}

function rulesFor(query: z.output<typeof listQuery>): ListRules<Backup, (typeof COLUMNS)[number]> {
  const { createdAfterFilter: after = -Infinity, createdBeforeFilter: before = Infinity } = query;
  const { platformIdFilter, jobIdFilter, policyTagFilter } = query;
  return {
    columns: {
      Name: ({ job }) => job.name,
      CreationTime: ({ createdAt }) => createdAt,
      PlatformId: () => PLATFORM_ID,
      JobId: ({ job }) => job.id,
      PolicyTag: ({ job }) => policyOf(job),
    },
    usual: { column: 'Name', ascending: true },
    nameOf: ({ job }) => job.name,
    isWanted: ({ job, createdAt }) =>
      createdAt > after &&
      createdAt < before &&
      (platformIdFilter ?? PLATFORM_ID) === PLATFORM_ID &&
      (jobIdFilter ?? job.id) === job.id &&
      (policyTagFilter === undefined || policyTagFilter === policyOf(job)),
  };
}

function backupShown({ id, job, createdAt }: Backup): Readonly<Record<string, unknown>> {
  return {
    id,
    name: job.name,
    jobId: job.id,
    policyUniqueId: policyOf(job),
    platformName: platformOf(job),
    platformId: PLATFORM_ID,
    creationTime: iso(createdAt),
    repositoryId: stableId('repository'),
  };
}

/** The calls on backups. The specification kept in this repository leaves them out: their fields are the older one's. */
export function addBackupRoutes(app: FastifyInstance, { world }: ServerContext): void {
  const inventory = (): Inventory => world.protection.inventory;
  const backup = (id: string): Backup => {
    const found = backupsIn(inventory()).find((one) => one.id === id.toLowerCase());
    if (found !== undefined) return found;
    throw new SimulatorError('UNKNOWN_BACKUP', `There is no backup with the id ${id}.`);
  };

  app.get('/api/v1/backups', async ({ query }) => {
    const asked = readInput(listQuery, query);
    return pageOf(backupsIn(inventory()), asked, rulesFor(asked), backupShown);
  });
  app.get<{ Params: { id: string } }>('/api/v1/backups/:id', async ({ params }) =>
    backupShown(backup(params.id)),
  );
  app.get<{ Params: { id: string } }>('/api/v1/backups/:id/objects', async ({ params, query }) => {
    const { job } = backup(params.id);
    const { vms, computers } = inventory();
    const isAgent = job.kind === 'agentBackup';
    const among: readonly Member[] = isAgent ? computers : vms;
    const type = isAgent ? 'Computer' : 'VM';
    const rules: ListRules<Member, (typeof OBJECT_COLUMNS)[number]> = {
      columns: { Name: ({ name }) => name, Type: () => type },
      usual: { column: 'Name', ascending: true },
      nameOf: ({ name }) => name,
      isWanted: (member) => member.backup.job.id === job.id,
    };
    return pageOf(among, readInput(objectsQuery, query), rules, (member) => ({
      id: member.id,
      name: member.name,
      type,
      platformName: platformOf(job),
      platformId: PLATFORM_ID,
      restorePointsCount: member.backup.rhythm.points,
    }));
  });
}
