import type { CallOptions } from '../../src/veeam/index.ts';
import type { OneConnection } from '../deps.ts';

/** States of a collection that is over, and brought data. */
const BROUGHT_DATA = ['Success', 'Warning'];

/**
 * As of when Veeam ONE's data is, in milliseconds since 1970: the oldest of the last collections of its servers, since
 * everything it says of a server is as old as that. Undefined when nothing was collected yet, or the last try failed.
 */
export async function collectedAt(
  { client }: OneConnection,
  options: CallOptions,
): Promise<number | undefined> {
  const { data: tasks } = await client.dataCollection.tasks.all({}, options);
  const times = tasks.map(({ status, lastRun }) =>
    BROUGHT_DATA.includes(status) ? Date.parse(lastRun ?? '') : Number.NaN,
  );
  const oldest = Math.min(...times);
  return Number.isFinite(oldest) ? oldest : undefined;
}
