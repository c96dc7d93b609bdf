import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretSink } from './contracts.ts';
import { makePrivateFolder, replaceFile, sweepDrafts, syncFolders } from './durable-file.ts';
import { fileNameFor, sha256 } from './file-names.ts';
import { onDisk } from './store-error.ts';

/**
 * A secret sink in a folder that only its owner may enter, one JSON file for each secret. A folder that is there already
 * is closed to others.
 *
 * @throws StoreError `store.unavailable`, also when the folder belongs to somebody else
 */
export async function openFileSecrets({ folder }: { folder: string }): Promise<SecretSink> {
  // On the same file system as the secrets, wherever the configuration puts them.
  const drafts = join(folder, '.drafts');
  await makePrivateFolder(drafts);
  await onDisk(folder, async () => chmod(folder, 0o700));
  await sweepDrafts(drafts);
  const fileOf = (id: string): string => join(folder, `${fileNameFor(id)}.json`);
  return {
    async keep(secret) {
      await replaceFile({ path: fileOf(secret.id), content: `${JSON.stringify(secret, null, 2)}\n`, drafts });
      await syncFolders(folder);
      return { fingerprint: sha256(secret.value).slice(0, 16) };
    },

    async forget(id) {
      const path = fileOf(id);
      await onDisk(path, async () => rm(path, { force: true }));
      await syncFolders(folder);
    },
  };
}
