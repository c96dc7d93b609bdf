import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DEFAULT_REVEAL_TO } from '../model/secrets.ts';
import { namesIn, readIfThere, syncFolders } from './durable-file.ts';
import type { SecretSink } from './secret-contracts.ts';
import { onDisk } from './store-error.ts';

/** A secret as versions of before kept it: a readable file for each. */
const secretFile = z.object({
  run: z.string(),
  path: z.string(),
  kind: z.literal('recoveryToken'),
  id: z.string(),
  value: z.string(),
  expires: z.string().exactOptional(),
});

/**
 * Seals the secrets that lie in a folder as files, and removes the files, each when its secret is kept. A file that is none
 * stays where it is.
 *
 * @returns how many were sealed
 * @throws SecretError, StoreError: what is not sealed is still there
 */
export async function takeSecretFiles(folder: string, secrets: Pick<SecretSink, 'keep'>): Promise<number> {
  let taken = 0;
  const names = await namesIn(folder);
  if (names.length === 0) return taken;
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    const secret = secretFile.safeParse(parsed(await readIfThere(path)));
    if (!secret.success) continue;
    await secrets.keep({
      ...secret.data,
      // Nothing more is known of it.
      runId: '',
      runbook: '',
      connection: '',
      name: '',
      machines: [],
      revealTo: DEFAULT_REVEAL_TO,
    });
    await onDisk(path, async () => rm(path, { force: true }));
    taken += 1;
  }
  // What a killed process left behind may hold a secret, too.
  await onDisk(folder, async () => rm(join(folder, '.drafts'), { recursive: true, force: true }));
  await syncFolders(folder);
  await rmdir(folder).catch(() => undefined);
  return taken;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
