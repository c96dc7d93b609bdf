import { z } from 'zod';
import type { PeopleStore } from '../people-contracts.ts';
import type { Database, Queries } from './database.ts';
import { entered, type Enter } from './ledger.ts';
import { identityNoted } from './ledger-entries.ts';
import { postgresHandOvers } from './hand-overs.ts';
import { holdPerson } from './hold-person.ts';
import { postgresCredentials } from './people-credentials.ts';
import { postgresProviders } from './people-providers.ts';
import { postgresTries } from './people-tries.ts';
import { eventRow, revocationRow } from './people-rows.ts';
import { at } from './values.ts';

const numberRow = z.object({ id: z.coerce.number() });

/** What is kept of people: the tables of migrations 10 and 50. */
export function postgresPeople(database: Database): PeopleStore {
  return {
    ...postgresCredentials(database),
    ...postgresTries(database),
    ...postgresProviders(database),
    ...postgresHandOvers(database),

    async revoke(person, { by, reason, at: revokedAt }) {
      await entered(database, async (queries, enter) => {
        await holdPerson(queries, person);
        await queries.run(
          `INSERT INTO revocations (person, revoked_by, reason, revoked_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING`,
          [person, by, reason, at(revokedAt)],
        );
        await queries.run('UPDATE credentials SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL', [
          person,
          at(revokedAt),
        ]);
        await queries.run('DELETE FROM pending_logins WHERE person = $1', [person]);
        await insertEvent(
          { queries, enter },
          { kind: 'personRevoked', at: revokedAt, person, by, detail: reason },
        );
      });
    },
    async reinstate(person, { by, at: reinstatedAt }) {
      return entered(database, async (queries, enter) => {
        await holdPerson(queries, person);
        const lifted = await queries.run('DELETE FROM revocations WHERE person = $1', [person]);
        if (lifted === 0) return false;
        await insertEvent({ queries, enter }, { kind: 'personReinstated', at: reinstatedAt, person, by });
        return true;
      });
    },
    async revocationOf(person) {
      const [found] = await database.rows(revocationRow, 'SELECT * FROM revocations WHERE person = $1', [
        person,
      ]);
      return found?.revocation;
    },
    async revocations() {
      const found = await database.rows(revocationRow, 'SELECT * FROM revocations');
      return new Map(found.map(({ person, revocation }) => [person, revocation]));
    },

    note: (event) => entered(database, (queries, enter) => insertEvent({ queries, enter }, event)),
    events: ({ limit, person }) =>
      database.rows(
        eventRow,
        'SELECT * FROM identity_events WHERE $2::text IS NULL OR person = $2 ORDER BY id DESC LIMIT $1',
        [limit, person ?? null],
      ),
  };
}

async function insertEvent(
  { queries, enter }: { queries: Queries; enter: Enter },
  event: Parameters<PeopleStore['note']>[0],
): Promise<void> {
  const { kind, at: happenedAt, person, by, source, detail } = event;
  const [noted] = await queries.rows(
    numberRow,
    `INSERT INTO identity_events (kind, happened_at, person, done_by, source, detail)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [kind, at(happenedAt), person, by ?? null, source ?? null, detail ?? null],
  );
  if (noted !== undefined) enter(identityNoted(noted.id, event));
}
