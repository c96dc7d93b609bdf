import { join } from 'node:path';
import { loadConfig, readEnvironment, type Config, type SimulatorUrls } from '../config/index.ts';
import { openKeys, type Identity, type VoteKeys } from '../identity/index.ts';
import { openDatabase, openStores, type Database, type Stores } from '../store/index.ts';
import type { Sealing } from '../ledger/index.ts';
import type { RotateKey } from '../client/ledger-desk.ts';
import { identityOf } from './identity.ts';
import { LedgerKeys, rotationOf } from './ledger-keys.ts';
import { sealingOf } from './sealing.ts';
import { secretKeysOf, secretsOf } from './secrets.ts';
import { postgresUrlIn } from './postgres/postgres-server.ts';
import { PROJECT_ROOT } from './project.ts';

/** What a process of muster works with besides Temporal. */
export interface Data {
  readonly config: Config;
  readonly database: Database;
  readonly stores: Stores;
  readonly keys: VoteKeys;
  readonly identity: Identity;
  /** What it takes to seal the ledger. */
  readonly sealing: Sealing;
  readonly rotateLedgerKey: RotateKey;
}

/** Where the embedded PostgreSQL lies in a data folder. */
export function postgresFolderIn(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** The stores, with secrets where the configuration wants them. */
async function storesOf(config: Config, database: Database, dataDir: string): Promise<Stores> {
  const stores = await openStores({
    database,
    folder: dataDir,
    keys: () => secretKeysOf(config, join(dataDir, 'keys')),
    mayReveal: config.secrets.reveals,
  });
  return { ...stores, secrets: secretsOf(config, stores.secrets) };
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
  const [stores, keys, ledgerKeys] = await Promise.all([
    storesOf(config, database, dataDir),
    openKeys({ folder: join(dataDir, 'keys') }),
    openKeys({ folder: join(dataDir, 'keys'), signs: 'ledger' }),
  ]);
  const identity = identityOf(config, stores.people, {
    // Rare, and what it needs is large: no command waits for loading it.
    tell: async (event) => (await import('./tell-identity.ts')).tellIdentity(config, stores, event),
  });
  const signing = new LedgerKeys({
    folder: join(dataDir, 'keys'),
    origin: config.ledger.origin,
    store: stores.ledger,
    privateKey: ledgerKeys.privateKey,
  });
  const sealing = sealingOf(config.ledger, { store: stores.ledger, keys: signing });
  const rotateLedgerKey = rotationOf(signing, sealing, stores.ledger);
  return { config, database, stores, keys, identity, sealing, rotateLedgerKey };
}
