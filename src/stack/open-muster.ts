import { join, resolve } from 'node:path';
import type { MusterOptions } from '../cli/stack-door.ts';
import type { Muster } from '../client/index.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { openData } from './data.ts';
import { actorFor } from './acting.ts';
import { musterWith } from './muster-on.ts';
import { provenOnPages } from './prove-first.ts';
import { PROJECT_ROOT } from './project.ts';
import { readStackFile } from './stack-file.ts';
import { controlFor } from './temporal-control.ts';

/** Where the commands look for a running stack. */
export const DATA_DIR = join(PROJECT_ROOT, '.muster');

/** The operations of muster on the Temporal that the configuration names, or on the stack that runs on the data folder. */
export async function openMuster({
  configFile,
  dataDir = DATA_DIR,
  ...acting
}: MusterOptions): Promise<Muster> {
  const stack = await readStackFile({ folder: resolve(dataDir) });
  const data = await openData({
    dataDir: resolve(dataDir),
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  const { control, close } = controlFor(data.config, stack, dataDir);
  const actor = () => actorFor(data, acting);
  const closeAll = async (): Promise<void> => {
    await close();
    await data.stores.close();
  };
  const server = data.config.server.publicUrl ?? stack?.urls['server'];
  return provenOnPages(musterWith({ control, actor, close: closeAll }, data), data.config, server);
}
