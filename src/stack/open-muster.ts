import { join, resolve } from 'node:path';
import type { StackOptions } from '../cli/stack-door.ts';
import type { Muster } from '../client/index.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { openData } from './data.ts';
import { musterWith } from './muster-on.ts';
import { PROJECT_ROOT } from './project.ts';
import { readStackFile } from './stack-file.ts';
import { controlFor } from './temporal-control.ts';

/** Where the commands look for a running stack. */
export const DATA_DIR = join(PROJECT_ROOT, '.muster');

/** The operations of muster on the Temporal that the configuration names, or on the stack that runs on the data folder. */
export async function openMuster({ configFile, dataDir = DATA_DIR }: StackOptions): Promise<Muster> {
  const stack = await readStackFile({ folder: resolve(dataDir) });
  const data = await openData({
    dataDir: resolve(dataDir),
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  const { control, close } = controlFor(data.config, stack, dataDir);
  return musterWith(control, data, async () => {
    await close();
    await data.stores.close();
  });
}
