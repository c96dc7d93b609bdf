import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.ts';
import { iso } from './session-shown.ts';

/** What time the server has. The one call besides the login that needs no token. */
export function addTimeRoute(app: FastifyInstance, { now }: { now: () => number }): void {
  app.get('/api/v1/serverTime', async () => ({
    serverTime: iso(now()),
    timeZone: '(UTC) Coordinated Universal Time',
  }));
}

/** What the server is. */
export function addServiceRoutes(app: FastifyInstance, { world }: ServerContext): void {
  app.get('/api/v1/serverInfo', async () => {
    const [server] = world.protection.inventory.servers;
    return {
      vbrId: server?.id ?? '',
      name: server?.name ?? '',
      buildVersion: server?.version ?? '',
      patches: [],
      databaseVendor: 'PostgreSQL',
      sqlServerEdition: '',
      sqlServerVersion: 'PostgreSQL 15.4',
      databaseSchemaVersion: '9227',
      databaseContentVersion: '9227',
    };
  });
}
