import { join, resolve } from 'node:path';
import type { StackOptions } from '../cli/stack-door.ts';
import type { Muster } from '../client/index.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { openData } from './data.ts';
import { musterOn } from './muster-on.ts';
import { PROJECT_ROOT } from './project.ts';
import { readStackFile } from './stack-file.ts';

/** Where the commands look for a running stack. */
export const DATA_DIR = join(PROJECT_ROOT, '.muster');
/** Nobody listens there; the commands that need no server still work, the others say that there is none. */
const NO_SERVER = { address: '127.0.0.1:7233', namespace: 'default' };

/** The operations of muster on the Temporal that the configuration names, or on the stack that runs on the data folder. */
export async function openMuster({ configFile, dataDir = DATA_DIR }: StackOptions): Promise<Muster> {
  const stack = await readStackFile({ folder: resolve(dataDir) });
  const data = await openData({
    dataDir: resolve(dataDir),
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  return musterOn(data.config.temporal ?? stack?.temporal ?? NO_SERVER, data);
}
