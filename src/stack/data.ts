import { join } from 'node:path';
import { loadConfig, readEnvironment, type Config, type SimulatorUrls } from '../config/index.ts';
import { openKeys, type Identity, type VoteKeys } from '../identity/index.ts';
import { openDatabase, openStores, type Database, type Stores } from '../store/index.ts';
import { identityOf } from './identity.ts';
import { postgresUrlIn } from './postgres/postgres-server.ts';
import { PROJECT_ROOT } from './project.ts';

/** What a process of muster works with besides Temporal. */
export interface Data {
  readonly config: Config;
  readonly database: Database;
  readonly stores: Stores;
  readonly keys: VoteKeys;
  readonly identity: Identity;
}

/** Where the embedded PostgreSQL lies in a data folder. */
export function postgresFolderIn(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/**
 * Reads the configuration, opens what lies in the data folder, and the database: that of `databaseUrl`, of `DATABASE_URL`,
 * or of the stack that runs on the folder. It is connected at the first use, so that commands which need none work without.
 *
 * @throws ConfigError, StoreError, IdentityError
 */
export async function openData({
  configFile = join(PROJECT_ROOT, 'muster.yaml'),
  dataDir,
  simulatorUrls,
  databaseUrl = readEnvironment().databaseUrl,
}: {
  readonly configFile?: string;
  readonly dataDir: string;
  readonly simulatorUrls?: SimulatorUrls | undefined;
  readonly databaseUrl?: string | undefined;
}): Promise<Data> {
  const config = await loadConfig({
    file: configFile,
    ...(simulatorUrls === undefined ? {} : { simulatorUrls }),
  });
  const database = openDatabase({
    url: databaseUrl ?? (await postgresUrlIn(postgresFolderIn(dataDir))),
    why: `No muster stack runs on ${dataDir}, and DATABASE_URL is not set.`,
  });
  const [stores, keys] = await Promise.all([
    openStores({
      database,
      folder: join(dataDir, 'store'),
      ...(config.recoveryTokens === undefined ? {} : { secretsFolder: config.recoveryTokens.folder }),
    }),
    openKeys({ folder: join(dataDir, 'keys') }),
  ]);
  const identity = identityOf(config, stores.people, {
    // Rare, and what it needs is large: no command waits for loading it.
    tell: async (event) => (await import('./tell-identity.ts')).tellIdentity(config, stores, event),
  });
  return { config, database, stores, keys, identity };
}
