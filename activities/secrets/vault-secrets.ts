import { SecretError, type KeptSecret, type SecretName, type SecretStore } from '../../src/store/index.ts';
import type { VaultClient } from './vault-client.ts';

/**
 * Secrets that Vault keeps: the store has only what may be known of them. People read them there, by the rules that Vault
 * has for them.
 */
export function vaultSecrets(vault: VaultClient, store: SecretStore): SecretStore {
  const remove = async (secret: SecretName): Promise<void> => {
    await vault.remove(nameOf(secret));
    await store.purged(secret);
  };
  return {
    ...store,
    async prepare() {
      await store.prepare();
      await vault.check();
    },
    async keep(secret) {
      const name = nameOf(secret);
      // First there: a record of a secret that nobody has would be worse than a secret without a record.
      await vault.create(name, documentOf(secret));
      return store.note(secret, vault.addressOf(name));
    },
    async forget(secret) {
      await store.forget(secret);
      const record = await store.find(secret.id);
      if (record?.elsewhere === undefined || record.purgedAt !== undefined) return;
      try {
        await remove(secret);
      } catch (error) {
        // It is worth nothing any more. It is noted as revoked, and removed when Vault is back.
        if (!(error instanceof SecretError)) throw error;
      }
    },
    async purge(asOf) {
      let purged = await store.purge(asOf);
      let trouble: Error | undefined;
      for (let after = ''; ;) {
        const some = await store.due(asOf, after);
        for (const due of some) {
          try {
            await remove(due);
            purged += 1;
          } catch (error) {
            // One that Vault refuses must not keep the others there.
            trouble ??= error instanceof Error ? error : new Error(String(error));
          }
        }
        const last = some.at(-1);
        if (last === undefined) break;
        after = last.id;
      }
      if (trouble !== undefined) throw trouble;
      return purged;
    },
  };
}

/** Ids of two servers may be the same. */
function nameOf({ connection, id }: SecretName): string {
  return `${connection}.${id}`;
}

/** What people find in Vault. */
function documentOf({ value, kind, run, runId, path, connection, id, expires, ...about }: KeptSecret) {
  const { server, name, machines, revealTo, runbook } = about;
  return {
    value,
    kind,
    id,
    connection,
    ...(server !== undefined && { server }),
    name,
    machines,
    revealTo,
    ...(expires !== undefined && { expires }),
    runbook,
    run: runId,
    execution: run,
    step: path,
  };
}
