import type { Queries } from './queries.ts';
import { takeTurns } from './take-turns.ts';

/** Until the end of the transaction nobody else makes a credential for this person, or revokes them. */
export function holdPerson(queries: Queries, person: string): Promise<void> {
  return takeTurns(queries, 'person', person);
}
