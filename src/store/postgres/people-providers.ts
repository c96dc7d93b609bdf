import type { PeopleStore } from '../people-contracts.ts';
import type { Database } from './database.ts';
import { loginRow, providerKeyRow, providerPersonRow } from './people-rows.ts';
import { at } from './values.ts';

/** Logins at identity providers that are under way, the people they vouched for, and their keys. */
export function postgresProviders(
  database: Database,
): Pick<
  PeopleStore,
  | 'keepLogin'
  | 'takeLogin'
  | 'keepProviderPerson'
  | 'providerPerson'
  | 'providerPersonOf'
  | 'providerPeople'
  | 'keepProviderKeys'
  | 'providerKeys'
> {
  return {
    async keepLogin(login) {
      await database.run('DELETE FROM pending_logins WHERE expires_at < $1', [at(login.begunAt)]);
      await database.run(
        `INSERT INTO pending_logins (state_hash, binding_hash, verifier, nonce, redirect_uri, begun_at, expires_at,
           person)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          login.stateHash,
          login.bindingHash,
          login.verifier,
          login.nonce,
          login.redirectUri,
          at(login.begunAt),
          at(login.expiresAt),
          login.person ?? null,
        ],
      );
    },
    async takeLogin(stateHash) {
      const [taken] = await database.rows(
        loginRow,
        'DELETE FROM pending_logins WHERE state_hash = $1 RETURNING *',
        [stateHash],
      );
      return taken;
    },

    async keepProviderPerson({ person, issuer, subject, name, groups, seenAt }) {
      // The id stays what it was at the first login. An id that another subject has is a conflict, and nothing is kept.
      const kept = await database.run(
        `INSERT INTO provider_people (person, issuer, subject, name, groups, seen_at)
         SELECT $1, $2, $3, $4, $5, $6
         WHERE NOT EXISTS (SELECT 1 FROM provider_people WHERE person = $1 AND (issuer, subject) <> ($2, $3))
         ON CONFLICT (issuer, subject) DO UPDATE
           SET person = excluded.person, name = excluded.name, groups = excluded.groups, seen_at = excluded.seen_at`,
        [person, issuer, subject, name, JSON.stringify(groups), at(seenAt)],
      );
      return kept === 1;
    },
    async providerPerson(person) {
      const [found] = await database.rows(
        providerPersonRow,
        'SELECT * FROM provider_people WHERE person = $1',
        [person],
      );
      return found;
    },
    async providerPersonOf(issuer, subject) {
      const [found] = await database.rows(
        providerPersonRow,
        'SELECT * FROM provider_people WHERE issuer = $1 AND subject = $2',
        [issuer, subject],
      );
      return found;
    },
    providerPeople: () => database.rows(providerPersonRow, 'SELECT * FROM provider_people ORDER BY person'),

    async keepProviderKeys(keys) {
      for (const { issuer, kid, jwk, firstSeenAt, lastSeenAt } of keys) {
        await database.run(
          `INSERT INTO provider_keys (issuer, kid, jwk, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (issuer, kid) DO UPDATE
             SET last_seen_at = greatest(provider_keys.last_seen_at, excluded.last_seen_at)`,
          [issuer, kid, JSON.stringify(jwk), at(firstSeenAt), at(lastSeenAt)],
        );
      }
    },
    providerKeys: (issuer) =>
      database.rows(providerKeyRow, 'SELECT * FROM provider_keys WHERE issuer = $1 ORDER BY first_seen_at', [
        issuer,
      ]),
  };
}
