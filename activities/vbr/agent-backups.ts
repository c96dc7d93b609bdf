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

/** What VBR calls a machine that a job backs up through its hypervisor: no agent's computer, and no token is issued for it. */
const VM = 'vm';

/**
 * Finds the agent backups that hold a computer, newest first. VBR finds backups by their own names only, in which the
 * computer's name stands; whether a backup really holds it is seen in its objects.
 *
 * @throws StepError `vbr.backupNotFound`, `veeam.ambiguousName` (too many backups are named like this)
 */
export async function findAgentBackup(
  { client, name: server }: VbrConnection,
  computer: string,
  options: CallOptions,
): Promise<OutputOf<'vbr.findAgentBackup'>> {
  const { data: candidates, total } = await client.backups.all(
    { nameFilter: `*${computer}*` },
    { ...options, limit: MAX_CANDIDATES },
  );
  const holds = await inChunks(candidates, AT_ONCE, async ({ id }) => {
    const objects = await client.backups.objects(id, options);
    return objects.some(
      ({ name, type }) => name.toLowerCase() === computer.toLowerCase() && type?.toLowerCase() !== VM,
    );
  });
  const found = candidates
    .filter((_backup, index) => holds[index] === true)
    .sort((a, b) => Date.parse(b.creationTime ?? '') - Date.parse(a.creationTime ?? ''));
  const shown = `"${computer.slice(0, 100)}"`;
  if (found.length === 0 && total > candidates.length) {
    throw new StepError(
      'veeam.ambiguousName',
      `${server} has ${total} backups with ${shown} in their names, and the first ${candidates.length} do not hold such a computer. Give its full name.`,
    );
  }
  if (found.length === 0) {
    throw new StepError(
      'vbr.backupNotFound',
      `${server} has no agent backup of ${shown} that this account may see. Check the name, and that its backup has run.`,
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
