import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Config, type SecretRef, type VaultConfig } from '../config/index.ts';
import {
  openEnvelopeKeys,
  readEnvelopeKeys,
  SecretError,
  takeSecretFiles,
  type EnvelopeKeys,
  type SecretStore,
  type Stores,
} from '../store/index.ts';

/** The keys that seal secrets: those of the configuration, or those of the data folder, where one is made at the first use. */
export async function secretKeysOf(
  { secrets, secretOf }: Pick<Config, 'secrets' | 'secretOf'>,
  folder: string,
): Promise<EnvelopeKeys> {
  const { keys } = secrets;
  if (keys === undefined) return openEnvelopeKeys({ folder });
  const texts = await Promise.all(keys.map((ref) => secretIn(secretOf, ref)));
  return readEnvelopeKeys(texts.join('\n'), 'secrets.key of muster.yaml');
}

/** The store of secrets, as the configuration says: itself, or Vault with the records in it. */
export function secretsOf(
  { secrets, secretOf }: Pick<Config, 'secrets' | 'secretOf'>,
  store: SecretStore,
): SecretStore {
  const { vault } = secrets;
  if (vault === undefined) return store;
  // Large, and few commands need it.
  const opened = async () => {
    const { createVaultClient, vaultSecrets } = await import('../../activities/index.ts');
    return vaultSecrets(createVaultClient(placeOf(vault, secretOf)), store);
  };
  return {
    ...store,
    prepare: async () => (await opened()).prepare(),
    keep: async (secret) => (await opened()).keep(secret),
    forget: async (secret) => (await opened()).forget(secret),
    purge: async (asOf) => (await opened()).purge(asOf),
  };
}

/** Seals what versions of before kept in files, and makes the key if there is none yet. @throws SecretError, StoreError */
export async function readySecrets(
  {
    config,
    stores,
  }: { readonly config: Pick<Config, 'secrets' | 'secretOf'>; readonly stores: Pick<Stores, 'secrets'> },
  dataDir: string,
): Promise<void> {
  // Told now, not when a token is issued.
  await secretKeysOf(config, join(dataDir, 'keys'));
  await takeSecretFiles(config.secrets.folderBefore ?? join(dataDir, 'store', 'secrets'), stores.secrets);
}

function placeOf({ token, ca, ...place }: VaultConfig, secretOf: Config['secretOf']) {
  return {
    ...place,
    token: () => secretIn(secretOf, token),
    ...(ca !== undefined && { ca: () => Promise.all(ca.map(certificatesIn)) }),
  };
}

/** @throws SecretError `secret.unreadable` */
async function secretIn(secretOf: Config['secretOf'], ref: SecretRef): Promise<string> {
  try {
    return await secretOf(ref);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new SecretError('secret.unreadable', cause.message, { cause });
  }
}

async function certificatesIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SecretError('secret.unreadable', file, { cause });
  }
}
