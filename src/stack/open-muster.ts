import { join, resolve } from 'node:path';
import type { StackOptions } from '../cli/stack-door.ts';
import type { Muster } from '../client/index.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { openData } from './data.ts';
import { musterOn, musterWith } from './muster-on.ts';
import { noControl } from './no-control.ts';
import { PROJECT_ROOT } from './project.ts';
import { readStackFile } from './stack-file.ts';

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
  const place = data.config.temporal ?? stack?.temporal;
  if (place?.address !== undefined) return musterOn({ ...place, address: place.address }, data);
  // Commands that need no server work all the same.
  return musterWith(
    noControl(`No muster stack runs on ${dataDir}, and muster.yaml names no Temporal server.`),
    data,
  );
}
