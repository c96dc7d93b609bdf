import { z } from 'zod';
import type { Delegation, DelegationStore } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { delegated, delegationEnded } from './ledger-entries.ts';
import { at, time } from './values.ts';

const delegationRow = z
  .object({
    id: z.string(),
    delegator: z.string(),
    delegate: z.string(),
    reason: z.string().nullable(),
    begins_at: time,
    ends_at: time,
  })
  .transform(({ id, delegator, delegate, reason, begins_at, ends_at }): Delegation => ({
    id,
    from: delegator,
    to: delegate,
    ...(reason === null ? {} : { reason }),
    begins: begins_at,
    ends: ends_at,
  }));
const foundRow = z.object({ there: z.boolean() });

/** Who answers in whose place, in the table `delegations`; those that are over stay as a record. */
export function postgresDelegations(database: Database, now: () => number): DelegationStore {
  return {
    add: (delegation) =>
      entered(database, async (queries, enter) => {
        const { id, from, to, reason, begins, ends } = delegation;
        await queries.run(
          `INSERT INTO delegations (id, delegator, delegate, reason, begins_at, ends_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
          [id, from, to, reason ?? null, at(begins), at(ends)],
        );
        enter(delegated(delegation, now()));
      }),
    end: (id, by) =>
      entered(database, async (queries, enter) => {
        const endedAt = now();
        const ended = await queries.run(
          'UPDATE delegations SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL',
          [id, at(endedAt), by],
        );
        if (ended === 1) enter(delegationEnded(id, by, endedAt));
        return ended === 1;
      }),
    async holds({ from, to, at: asOf }) {
      const [found] = await database.rows(
        foundRow,
        `SELECT EXISTS (SELECT FROM delegations WHERE delegator = $1 AND delegate = $2 AND begins_at <= $3
                          AND ends_at > $3 AND ended_at IS NULL) AS there`,
        [from, to, at(asOf)],
      );
      return found?.there === true;
    },
    pending: (asOf) =>
      database.rows(
        delegationRow,
        `SELECT id, delegator, delegate, reason, begins_at, ends_at FROM delegations
         WHERE ended_at IS NULL AND ends_at > $1 ORDER BY begins_at`,
        [at(asOf)],
      ),
  };
}
