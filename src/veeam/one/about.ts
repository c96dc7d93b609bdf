import type { CallOptions, CommandOptions } from '../calls.ts';
import { oneAsyncTask, oneInstallation, oneServer, oneUpdater } from '../schemas/one-about.ts';
import type { OneCalls } from './calls.ts';
import type { OneAsyncTask, OneInstallation, OneServer, OneUpdater } from './types.ts';

/** The Veeam ONE server itself. */
export interface About {
  server(options?: CallOptions): Promise<OneServer>;
  installation(options?: CallOptions): Promise<OneInstallation>;
  updater(options?: CallOptions): Promise<OneUpdater>;
  /** Starts gathering the server's logs since `fromDate` (ISO date; absent: all). Watch it with `logsTask`. */
  collectLogs(
    request?: { readonly fromDate?: string | null },
    options?: CommandOptions,
  ): Promise<OneAsyncTask>;
  /** A read, though the vendor made it a POST. */
  logsTask(taskId: string, options?: CallOptions): Promise<OneAsyncTask>;
}

export function about(calls: OneCalls): About {
  return {
    server: (options) => calls.read('about.server', { schema: oneServer }, options),
    installation: (options) => calls.read('about.installation', { schema: oneInstallation }, options),
    updater: (options) => calls.read('about.updater', { schema: oneUpdater }, options),
    collectLogs: (body = {}, options) =>
      calls.command('about.collectLogs', { body, schema: oneAsyncTask }, options),
    logsTask: (taskId, options) =>
      calls.read('about.logsTask', { params: { taskId }, schema: oneAsyncTask }, options),
  };
}
