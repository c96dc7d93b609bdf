import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { stableId } from '../ids.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';

const VERSION = '12.3.0.4670';

/** `/about` and what is below it, the collecting of logs included: it is done as soon as somebody asks. */
export function addAboutRoutes(app: FastifyInstance, { world }: OneContext): void {
  const logTasks = new Set<string>();

  app.get('/about', async () => ({
    name: 'Veeam ONE Reporting Service',
    version: VERSION,
    machine: 'one-srv',
    logPath: 'C:\\ProgramData\\Veeam\\Veeam ONE\\Logs\\Reporter',
  }));
  app.get('/about/installationInfo', async () => ({
    product: 'Veeam ONE',
    version: VERSION,
    installationUid: stableId(`one/${world.scenario.name}`),
  }));
  app.get('/about/updater', async () => ({ url: null }));

  app.post('/about/logs', async () => {
    const id = randomUUID();
    logTasks.add(id);
    return { id, state: 'Running', result: null };
  });
  app.post<{ Params: { taskId: string } }>('/about/logs/tasks/:taskId/status', async ({ params }) => {
    const wanted = params.taskId.toLowerCase();
    const id = only(logTasks.has(wanted) ? wanted : undefined, 'log task', params.taskId);
    return { id, state: 'Completed', result: `Logs_${id.slice(0, 8)}.zip` };
  });
}
