import type { Queries } from './queries.ts';

/** Until the end of the transaction nobody else does what needs a turn of this name, told of the same. */
export async function takeTurns(queries: Queries, name: string, ...of: readonly unknown[]): Promise<void> {
  await queries.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([name, ...of])]);
}
