import { z } from 'zod';
import type { Queries } from './database.ts';

/** Until the end of the transaction nobody else makes a credential for this person, or revokes them. */
export async function holdPerson(queries: Queries, person: string): Promise<void> {
  await queries.rows(z.unknown(), "SELECT pg_advisory_xact_lock(hashtext('muster person'), hashtext($1))", [
    person,
  ]);
}
