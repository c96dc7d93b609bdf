import type { VbrConnection } from '../deps.ts';
import { shortName } from '../read.ts';

/** Backups looked into, and names on a hand-over sheet; nobody reads more. */
const MAX_MACHINES = 20;

/**
 * The machines in backups, as far as they can be seen: only people read them, and no token waits because of them. One after
 * the other, up to the first that cannot be read: a server that struggles is needed for the token itself.
 *
 * @returns their names, each once
 */
export async function machinesIn(
  { client }: Pick<VbrConnection, 'client'>,
  backupIds: readonly string[],
): Promise<readonly string[]> {
  const names = new Set<string>();
  try {
    for (const id of backupIds.slice(0, MAX_MACHINES)) {
      for (const { name } of await client.backups.objects(id)) names.add(shortName(name));
    }
  } catch {
    // What is known by then is better than nothing.
  }
  return [...names].slice(0, MAX_MACHINES);
}
