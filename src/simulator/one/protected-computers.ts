import type { FastifyInstance } from 'fastify';
import { stableId } from '../ids.ts';
import type { ProtectedComputer } from '../world/inventory.ts';
import type { RestorePoint } from '../world/rhythm.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';
import { incrementBytes, isoTime, REPOSITORY } from './show.ts';

const PROTECTION_GROUP = { groupUid: stableId('protectionGroup/agents'), groupName: 'Agents' };

/** `/protectedData/computers` and what is below, as Veeam ONE knew it when it last collected data. */
export function addComputerRoutes(app: FastifyInstance, { world, collection }: OneContext): void {
  const base = '/protectedData/computers';

  const pointsOf = (computer: ProtectedComputer): readonly RestorePoint[] =>
    world.protection.inventory.backupPoints(computer, collection.asOf());
  const server = (): Item => {
    const [first] = world.protection.inventory.servers;
    return { backupServerId: first?.number ?? 1, backupServerName: first?.name ?? null };
  };
  const computerOf = (uid: string): ProtectedComputer =>
    only(
      world.protection.inventory.computers.find(({ id }) => id === uid.toLowerCase()),
      'protected computer',
      uid,
    );

  const shown = (computer: ProtectedComputer): Item => ({
    computerId: computer.number,
    computerUidInVbr: computer.id,
    ...server(),
    protectionGroups: [PROTECTION_GROUP],
    name: computer.name,
    ipAddresses: [computer.ipAddress],
    platform: 'MicrosoftWindows',
    operationMode: 'Server',
    lastProtectedDate: isoTime(pointsOf(computer)[0]?.at),
  });
  const shownBackup = (computer: ProtectedComputer): Item => {
    const points = pointsOf(computer);
    const increment = incrementBytes(computer.usedBytes);
    return {
      backupUid: computer.backup.id,
      name: computer.name,
      computerUidInVbr: computer.id,
      jobUid: computer.backup.job.id,
      jobName: computer.backup.job.name,
      jobType: 'Backup',
      usedSourceSizeBytes: computer.usedBytes,
      provisionedSourceSizeBytes: computer.usedBytes * 2,
      totalRestorePointSizeBytes:
        points.length === 0 ? 0 : computer.usedBytes + (points.length - 1) * increment,
      latestRestorePointSizeBytes: points.length === 0 ? 0 : increment,
      restorePoints: points.length,
      lastProtectedDate: isoTime(points[0]?.at),
      repository: REPOSITORY,
      ...server(),
    };
  };
  const shownPoints = (computer: ProtectedComputer): Item[] => {
    const points = pointsOf(computer);
    return points.map(({ id, at }, index) => {
      const isIncremental = index < points.length - 1;
      return {
        restorePointUid: id,
        computerUidInVbr: computer.id,
        backupUid: computer.backup.id,
        jobUid: computer.backup.job.id,
        jobName: computer.backup.job.name,
        repositoryUid: REPOSITORY.repositoryUidInVbr,
        sizeBytes: isIncremental ? incrementBytes(computer.usedBytes) : computer.usedBytes,
        sourceSizeBytes: computer.usedBytes,
        originalSizeBytes: computer.usedBytes,
        backupCreationDate: isoTime(points.at(-1)?.at),
        isIncremental,
        immutableTill: null,
        fileCreationTime: isoTime(at),
      };
    });
  };

  app.get(base, async ({ query }) => pageOf(world.protection.inventory.computers.map(shown), query));
  app.get(`${base}/backups`, async ({ query }) =>
    pageOf(world.protection.inventory.computers.map(shownBackup), query),
  );
  app.get<{ Params: { computerUidInVbr: string } }>(`${base}/:computerUidInVbr`, async ({ params }) =>
    shown(computerOf(params.computerUidInVbr)),
  );
  app.get<{ Params: { computerUidInVbr: string } }>(
    `${base}/:computerUidInVbr/backups`,
    async ({ params, query }) => pageOf([shownBackup(computerOf(params.computerUidInVbr))], query),
  );
  app.get<{ Params: { computerUidInVbr: string } }>(
    `${base}/:computerUidInVbr/backupRestorePoints`,
    async ({ params, query }) => pageOf(shownPoints(computerOf(params.computerUidInVbr)), query),
  );
}
