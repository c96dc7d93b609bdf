import type { OutputOf } from '../../src/catalog/index.ts';
import type { CallOptions } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';
import { inChunks } from '../in-chunks.ts';
import { MAX_LISTED, shortName } from '../read.ts';
import { StepError } from '../step-error.ts';

/** Backups looked into at once. */
const AT_ONCE = 8;
/** A name that fits more backups than this is no name of a computer. */
const MAX_CANDIDATES = 200;

/**
 * Finds the backups that hold a computer, newest first. VBR finds backups by their own names only, in which the computer's
 * name stands; whether a backup really holds it is seen in its objects.
 *
 * @throws StepError `vbr.backupNotFound`
 */
export async function findAgentBackup(
  { client, name: server }: VbrConnection,
  computer: string,
  options: CallOptions,
): Promise<OutputOf<'vbr.findAgentBackup'>> {
  const { data: candidates } = await client.backups.all(
    { nameFilter: `*${computer}*` },
    { ...options, limit: MAX_CANDIDATES },
  );
  const holds = await inChunks(candidates, AT_ONCE, async ({ id }) => {
    const objects = await client.backups.objects(id, options);
    return objects.some(({ name }) => name.toLowerCase() === computer.toLowerCase());
  });
  const found = candidates
    .filter((_backup, index) => holds[index] === true)
    .sort((a, b) => Date.parse(b.creationTime ?? '') - Date.parse(a.creationTime ?? ''));
  if (found.length === 0) {
    throw new StepError(
      'vbr.backupNotFound',
      `${server} has no agent backup of "${computer.slice(0, 100)}" that this account may see. Check the name, and that its backup has run.`,
    );
  }
  const listed = found.slice(0, MAX_LISTED);
  return {
    backupIds: listed.map(({ id }) => id),
    backups: listed.map(({ id, name, creationTime }) => ({
      id,
      name: shortName(name),
      created: creationTime ?? '',
    })),
    more: found.length - listed.length,
  };
}
