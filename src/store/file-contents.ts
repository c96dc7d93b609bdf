import { join } from 'node:path';
import type { ContentStore } from './contracts.ts';
import { makePrivateFolder, readIfThere, replaceFile, syncFolders } from './durable-file.ts';
import { sha256 } from './file-names.ts';
import { StoreError } from './store-error.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/** A content store in a folder, one file for each text: `<first two digits>/<digest>`. */
export function fileContents({ folder, drafts }: { folder: string; drafts: string }): ContentStore {
  const shelfOf = (digest: string): string => join(folder, digest.slice(0, 2));
  return {
    async put(text) {
      const digest = sha256(text);
      const shelf = shelfOf(digest);
      const path = join(shelf, digest);
      // What is there and right stays; what is there and broken is mended: both contents have the same name.
      const kept = await readIfThere(path);
      if (kept === undefined || sha256(kept) !== digest) {
        await makePrivateFolder(shelf);
        await replaceFile({ path, content: text, drafts });
      }
      await syncFolders(shelf, folder);
      return digest;
    },

    async get(digest) {
      const path = join(folder, DIGEST.test(digest) ? join(digest.slice(0, 2), digest) : 'not-a-digest');
      const text = DIGEST.test(digest) ? await readIfThere(path) : undefined;
      if (text === undefined) throw new StoreError('store.notFound', path);
      if (sha256(text) !== digest) throw new StoreError('store.corrupt', path);
      return text;
    },
  };
}
