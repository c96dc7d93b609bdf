import { z } from 'zod';
import type { KeptVote, VoteStore } from '../gate-contracts.ts';
import { StoreError } from '../store-error.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { voteCast } from './ledger-entries.ts';
import { at, time } from './values.ts';

const voteRow = z
  .object({
    id: z.string(),
    run: z.string(),
    run_id: z.string(),
    gate: z.string(),
    nonce: z.string(),
    person: z.string(),
    decision: z.string(),
    jws: z.string(),
    proof: z.string().nullable(),
    cast_at: time,
    expires_at: time,
  })
  .transform(({ run_id, proof, cast_at, expires_at, ...same }): KeptVote => ({
    ...same,
    runId: run_id,
    ...(proof === null ? {} : { proof }),
    castAt: cast_at,
    expiresAt: expires_at,
  }));

const COLUMNS = 'id, run, run_id, gate, nonce, person, decision, jws, proof, cast_at, expires_at';

/** Votes on their way, in the table `votes`. */
export function postgresVotes(database: Database, now: () => number): VoteStore {
  const find = async (id: string): Promise<KeptVote | undefined> => {
    const [found] = await database.rows(voteRow, `SELECT ${COLUMNS} FROM votes WHERE id = $1`, [id]);
    return found;
  };
  return {
    async keep(vote) {
      const { id, run, runId, gate, nonce, person, decision, jws, proof, castAt, expiresAt } = vote;
      const kept = await entered(database, async (queries, enter) => {
        const added = await queries.run(
          `INSERT INTO votes (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT DO NOTHING`,
          [id, run, runId, gate, nonce, person, decision, jws, proof ?? null, at(castAt), at(expiresAt)],
        );
        if (added === 1) enter(voteCast(vote));
        return added;
      });
      if (kept === 0 && (await find(id))?.jws !== jws) {
        throw new StoreError('store.conflict', `${database.place}, vote ${id}`);
      }
    },
    find,
    ofRun: (run) =>
      database.rows(voteRow, `SELECT ${COLUMNS} FROM votes WHERE run = $1 ORDER BY cast_at, id`, [run]),
    waiting: (asOf, limit) =>
      database.rows(
        voteRow,
        `SELECT ${COLUMNS} FROM votes
         WHERE taken_at IS NULL AND given_up IS NULL AND expires_at > $1 ORDER BY cast_at, id LIMIT $2`,
        [at(asOf), limit],
      ),
    async taken(id) {
      await database.run('UPDATE votes SET taken_at = coalesce(taken_at, $2) WHERE id = $1', [id, at(now())]);
    },
    async giveUp(id, why) {
      await database.run('UPDATE votes SET given_up = $2 WHERE id = $1 AND taken_at IS NULL', [id, why]);
    },
  };
}
