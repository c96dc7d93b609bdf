import { join, resolve } from 'node:path';
import type { StackContext } from '../cli/stack-door.ts';
import { ConfigError } from '../config/index.ts';
import { createLogger } from '../observe/logger.ts';
import { aborted } from './aborted.ts';
import { openData } from './data.ts';
import { startKeeper } from './keeper.ts';
import { DATA_DIR } from './open-muster.ts';
import { readySecrets } from './secrets.ts';
import { startServer } from './server.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { readStackFile } from './stack-file.ts';
import { controlOn } from './temporal-control.ts';

/**
 * Serves the API and the pages for the Temporal server and the database of the configuration, until Ctrl-C. Several may
 * run behind one address.
 *
 * @throws ConfigError; StoreError when the database cannot be used; StackError `stack.portTaken`
 */
export async function runServer(context: StackContext): Promise<0> {
  const { configFile, print, signal } = context;
  const dataDir = resolve(context.dataDir ?? DATA_DIR);
  const stack = await readStackFile({ folder: dataDir });
  const data = await openData({
    dataDir,
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  const undo: (() => Promise<void>)[] = [() => data.stores.close()];
  try {
    const { temporal } = data.config;
    if (temporal === undefined) {
      throw new ConfigError(
        'config.invalid',
        'The configuration names no Temporal server. Add `temporal:` to it, or use `muster start`, which runs its own.',
      );
    }
    // Now, not at the first request: whoever starts a server reads what it says.
    await data.stores.freezes.pending(Date.now());
    await readySecrets(data, dataDir);
    const { control, close } = controlOn(temporal, data.config);
    undo.push(close);
    const logger = createLogger({ file: join(dataDir, 'logs', 'server.log'), level: 'info' });
    const keeper = startKeeper({
      control,
      stores: data.stores,
      sealing: data.sealing,
      logger,
      retention: data.config.retention,
    });
    undo.push(() => keeper.stop());
    const server = await startServer(data, control, { fallback: false, logger });
    undo.push(() => server.close());
    print(`Serving ${server.url} for ${temporal.address}, namespace ${temporal.namespace}. End with Ctrl-C.`);
    await aborted(signal);
    print('Stopping.');
    return 0;
  } finally {
    for (let end = undo.pop(); end !== undefined; end = undo.pop()) await end();
  }
}
