import { join } from 'node:path';
import { loadConfig, type Config, type SimulatorUrls } from '../config/index.ts';
import { openKeys, type VoteKeys } from '../identity/index.ts';
import { openFileStores, type Stores } from '../store/index.ts';
import { PROJECT_ROOT } from './project.ts';

/** What a process of muster works with besides Temporal. */
export interface Data {
  readonly config: Config;
  readonly stores: Stores;
  readonly keys: VoteKeys;
}

/** Reads the configuration and opens what lies in the data folder. @throws ConfigError, StoreError, IdentityError */
export async function openData({
  configFile = join(PROJECT_ROOT, 'muster.yaml'),
  dataDir,
  simulatorUrls,
}: {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly simulatorUrls?: SimulatorUrls | undefined;
}): Promise<Data> {
  const config = await loadConfig({
    file: configFile,
    ...(simulatorUrls === undefined ? {} : { simulatorUrls }),
  });
  const [stores, keys] = await Promise.all([
    openFileStores({
      folder: join(dataDir, 'store'),
      ...(config.recoveryTokens === undefined ? {} : { secretsFolder: config.recoveryTokens.folder }),
    }),
    openKeys({ folder: join(dataDir, 'keys') }),
  ]);
  return { config, stores, keys };
}
