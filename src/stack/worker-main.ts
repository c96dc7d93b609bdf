import { z } from 'zod';
import { TASK_QUEUE } from '../../workflows/messages.ts';
import { ConfigError } from '../config/index.ts';
import { openData } from './data.ts';
import { startWorker } from './worker.ts';
import { logWorkersTo } from './worker-log.ts';

/**
 * A worker as a process of its own: `node --import tsx src/stack/worker-main.ts '<options as JSON>'`. Without an address
 * it works for the Temporal server that the configuration names. It says `ready` on standard output when it takes work,
 * and ends in order on SIGTERM.
 */
const options = z
  .strictObject({
    configFile: z.string(),
    dataDir: z.string(),
    address: z.string().optional(),
    namespace: z.string().default('default'),
    bundlePath: z.string(),
    taskQueue: z.string().default(TASK_QUEUE),
    logFile: z.string(),
    simulatorUrls: z
      .object({ vro: z.string(), vbr: z.string(), one: z.string(), app: z.string() })
      .optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

logWorkersTo(options.logFile);
const { keys, ...data } = await openData(options);
const { address, namespace, bundlePath, taskQueue } = options;
const place = address === undefined ? data.config.temporal : { address, namespace };
if (place === undefined) {
  throw new ConfigError(
    'config.invalid',
    `${options.configFile} names no Temporal server. Add \`temporal:\` to it.`,
  );
}
const worker = await startWorker({ ...place, ...data, keys: [keys], bundlePath, taskQueue });
process.once('SIGTERM', () => void worker.stop());
process.once('SIGINT', () => void worker.stop());
process.stdout.write('ready\n');
await worker.stopped;
await data.stores.close();
