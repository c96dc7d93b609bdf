import type { FastifyInstance } from 'fastify';
import type { BackupServer } from '../world/inventory.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';
import { isoTime } from './show.ts';

function shown(server: BackupServer, checkedAt: number): Item {
  return {
    backupServerId: server.number,
    enterpriseManagerId: null,
    name: server.name,
    version: server.version,
    isCluster: false,
    clusterName: null,
    connectionError: null,
    connectionState: 'Connected',
    isConfigurationBackupEnabled: true,
    platform: 'Windows',
    isCloudConnect: false,
    intelligentDiagnosticsEnabled: true,
    remediationActionsEnabled: true,
    lastBestPracticeCheckDate: isoTime(checkedAt),
    bestPracticeCheckStatus: 'Passed',
  };
}

/** `/vbr/backupServers`. */
export function addBackupServerRoutes(app: FastifyInstance, { world }: OneContext): void {
  app.get('/vbr/backupServers', async ({ query }) => {
    const { servers, start } = world.protection.inventory;
    return pageOf(
      servers.map((server) => shown(server, start)),
      query,
    );
  });
  app.get<{ Params: { backupServerId: string } }>(
    '/vbr/backupServers/:backupServerId',
    async ({ params }) => {
      const { servers, start } = world.protection.inventory;
      const server = servers.find(({ number }) => String(number) === params.backupServerId);
      return shown(only(server, 'backup server', params.backupServerId), start);
    },
  );
}
