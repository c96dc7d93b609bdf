import { join } from 'node:path';
import type { Stores } from './contracts.ts';
import { makePrivateFolder, sweepDrafts } from './durable-file.ts';
import { fileContents } from './file-contents.ts';
import { fileIntents } from './file-intents.ts';
import { openFileSecrets } from './file-secrets.ts';

/**
 * Opens the stores in a folder, which is made when it is missing: `contents/`, `intents/` and `secrets/`. Several
 * processes may use the same folder.
 *
 * @param options.secretsFolder where issued secrets go instead of `secrets/`
 * @param options.now the clock of what is recorded, in milliseconds since 1970; default: this machine's
 * @throws StoreError `store.unavailable`
 */
export async function openFileStores({
  folder,
  secretsFolder = join(folder, 'secrets'),
  now = Date.now,
}: {
  readonly folder: string;
  readonly secretsFolder?: string;
  readonly now?: () => number;
}): Promise<Stores> {
  const contents = join(folder, 'contents');
  const intents = join(folder, 'intents');
  const drafts = join(folder, '.drafts');
  for (const each of [folder, contents, intents, drafts]) await makePrivateFolder(each);
  await sweepDrafts(drafts);
  return {
    contents: fileContents({ folder: contents, drafts }),
    intents: fileIntents({ folder: intents, drafts, now }),
    secrets: await openFileSecrets({ folder: secretsFolder }),
  };
}
