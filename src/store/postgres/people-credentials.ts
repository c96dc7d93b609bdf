import type { PeopleStore } from '../people-contracts.ts';
import type { Database } from './database.ts';
import { holdPerson } from './hold-person.ts';
import { credentialRow } from './people-rows.ts';
import { at } from './values.ts';

/** API tokens and sessions, in the table `credentials`; those that ended stay as a record. */
export function postgresCredentials(
  database: Database,
): Pick<PeopleStore, 'keepCredential' | 'credential' | 'credentials' | 'touchCredential' | 'endCredential'> {
  return {
    keepCredential: (kept) =>
      database.transaction(async (queries) => {
        // Whoever revokes this person at the same moment waits, and then ends this credential, too.
        await holdPerson(queries, kept.person);
        const made = await queries.run(
          `INSERT INTO credentials (id, kind, secret_hash, person, via, assurance, note, scope, made_by, made_at,
             expires_at, last_used_at)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
           WHERE NOT EXISTS (SELECT 1 FROM revocations WHERE person = $4)`,
          [
            kept.id,
            kept.kind,
            kept.secretHash,
            kept.person,
            kept.via,
            kept.assurance,
            kept.note,
            kept.scope === undefined ? null : JSON.stringify(kept.scope),
            kept.madeBy ?? null,
            at(kept.madeAt),
            at(kept.expiresAt),
            at(kept.lastUsedAt),
          ],
        );
        return made === 1;
      }),
    async credential(id) {
      const [found] = await database.rows(credentialRow, 'SELECT * FROM credentials WHERE id = $1', [id]);
      return found;
    },
    credentials: (kind, person) =>
      database.rows(
        credentialRow,
        `SELECT * FROM credentials WHERE kind = $1 AND ($2::text IS NULL OR person = $2)
         ORDER BY made_at DESC, id`,
        [kind, person ?? null],
      ),
    async touchCredential(id, usedAt) {
      await database.run(
        'UPDATE credentials SET last_used_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_used_at < $2',
        [id, at(usedAt)],
      );
    },
    async endCredential(id, endedAt) {
      const ended = await database.run(
        'UPDATE credentials SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL',
        [id, at(endedAt)],
      );
      return ended === 1;
    },
  };
}
