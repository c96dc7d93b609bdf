import { join, resolve } from 'node:path';
import type { StackContext } from '../cli/stack-door.ts';
import { ConfigError } from '../config/index.ts';
import { openData } from './data.ts';
import { DATA_DIR } from './open-muster.ts';
import { PROJECT_ROOT } from './project.ts';
import { readySecrets } from './secrets.ts';
import { readStackFile } from './stack-file.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { startWorker } from './worker.ts';
import { logWorkersTo } from './worker-log.ts';
import { loadWorkflowBundle } from './workflow-bundle.ts';

/**
 * Works for the Temporal server that the configuration names, until Ctrl-C. The data folder is the one that the commands
 * use: compiled runbooks, intents and keys lie in it.
 *
 * @throws ConfigError; Temporal's own errors when it cannot be reached
 */
export async function runWorker(context: StackContext): Promise<0 | 1> {
  const { configFile, print, signal } = context;
  const dataDir = resolve(context.dataDir ?? DATA_DIR);
  const stack = await readStackFile({ folder: dataDir });
  const { keys, ...data } = await openData({
    dataDir,
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  const { temporal } = data.config;
  if (temporal === undefined) {
    throw new ConfigError(
      'config.invalid',
      'The configuration names no Temporal server. Add `temporal:` to it, or use `muster start`, which runs its own.',
    );
  }
  await readySecrets(data, dataDir);
  logWorkersTo(join(dataDir, 'logs', 'worker.log'));
  const { codePath } = await loadWorkflowBundle({ projectRoot: PROJECT_ROOT, onProgress: print });
  const worker = await startWorker({ ...temporal, ...data, keys: [keys], bundlePath: codePath });
  print(`Working for ${temporal.address}, namespace ${temporal.namespace}. End with Ctrl-C.`);
  const stop = (): void => void worker.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await worker.stopped;
    return 0;
  } finally {
    await data.stores.close();
    signal.removeEventListener('abort', stop);
  }
}
