import { z } from 'zod';
import { openData } from './data.ts';
import { startWorker } from './worker.ts';
import { logWorkersTo } from './worker-log.ts';

/**
 * A worker as a process of its own: `node --import tsx src/stack/worker-main.ts '<options as JSON>'`. It says `ready` on
 * standard output when it takes work, and ends in order on SIGTERM.
 */
const options = z
  .strictObject({
    configFile: z.string(),
    dataDir: z.string(),
    address: z.string(),
    namespace: z.string(),
    bundlePath: z.string(),
    taskQueue: z.string(),
    logFile: z.string(),
    simulatorUrls: z
      .object({ vro: z.string(), vbr: z.string(), one: z.string(), app: z.string() })
      .optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

logWorkersTo(options.logFile);
const { keys, ...data } = await openData(options);
const worker = await startWorker({ ...options, ...data, keys: [keys] });
process.once('SIGTERM', () => void worker.stop());
process.once('SIGINT', () => void worker.stop());
process.stdout.write('ready\n');
await worker.stopped;
