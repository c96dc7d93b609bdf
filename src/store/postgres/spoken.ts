import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { REFUSALS, type Refusal, type RefusedVote } from '../../model/vote.ts';
import type { HeardVote } from '../../model/witness.ts';
import type { SpokenStore } from '../spoken-contracts.ts';
import type { Database } from './database.ts';
import type { Queries } from './queries.ts';
import { takeTurns } from './take-turns.ts';
import { at, storable, time } from './values.ts';

const COLUMNS =
  'id, run, run_id, gate, nonce, digest, approver, decision, comment, witness, code, heard_at, refusal';

const heardRow = z
  .object({
    id: z.string(),
    run: z.string(),
    run_id: z.string(),
    gate: z.string(),
    nonce: z.string(),
    digest: z.string(),
    approver: z.string(),
    decision: z.enum(['approve', 'reject']),
    comment: z.string().nullable(),
    witness: z.string(),
    code: z.string(),
    heard_at: time,
  })
  .transform(({ id, run_id, comment, heard_at, ...same }): { id: string; heard: HeardVote } => ({
    id,
    heard: { ...same, runId: run_id, at: heard_at, ...(comment === null ? {} : { comment }) },
  }));

const refusedRow = z
  .object({
    id: z.string(),
    gate: z.string(),
    approver: z.string(),
    witness: z.string(),
    refusal: z.string().refine((name): name is Refusal => name in REFUSALS),
    heard_at: time,
  })
  .transform(({ id, gate, approver, witness, refusal, heard_at }): RefusedVote => ({
    id,
    at: heard_at,
    refusal,
    gate,
    claimedPerson: approver,
    detail: `Entered by ${witness} as a spoken vote.`,
  }));
const countRow = z.object({ count: z.coerce.number() });

/** What witnesses have heard, in the table `spoken_votes`. */
export function postgresSpoken(database: Database): SpokenStore {
  return {
    hear: (entered, { vote, since, isRight, maxWrong }) =>
      database.transaction(async (queries) => {
        await takeTurns(queries, 'spoken', entered.nonce);
        const refused = async (refusal: Refusal): Promise<{ refusal: Refusal }> => {
          await insert(queries, entered, refusal);
          return { refusal };
        };
        if ((await wrongCodes(queries, entered)) >= maxWrong) return refused('tooManyCodes');
        if (!isRight) return refused('wrongCode');
        const before = await waitingFor(queries, entered, since);
        const agrees = before.filter(({ heard }) => heard.decision === entered.decision);
        if (agrees.some(({ heard }) => heard.witness === entered.witness)) return refused('sameWitness');
        const id = await insert(queries, entered);
        const [other] = agrees;
        if (other === undefined) return { heard: [entered] };
        await queries.run('UPDATE spoken_votes SET vote = $1 WHERE id = ANY($2)', [vote, [id, other.id]]);
        return { heard: [other.heard, entered] };
      }),
    async refuse(entered, refusal) {
      await database.transaction((queries) => insert(queries, entered, refusal));
    },
    async of(vote) {
      const found = await database.rows(
        heardRow,
        `SELECT ${COLUMNS} FROM spoken_votes WHERE vote = $1 AND refusal IS NULL ORDER BY heard_at, id LIMIT 3`,
        [vote],
      );
      return found.map(({ heard }) => heard);
    },
    async refused(run, limit) {
      const [counted] = await database.rows(
        countRow,
        'SELECT count(*) FROM spoken_votes WHERE run = $1 AND refusal IS NOT NULL',
        [run],
      );
      const latest = await database.rows(
        refusedRow,
        `SELECT id, gate, approver, witness, refusal, heard_at FROM spoken_votes
         WHERE run = $1 AND refusal IS NOT NULL ORDER BY heard_at DESC, id LIMIT $2`,
        [run, limit],
      );
      return { total: counted?.count ?? 0, latest };
    },
  };
}

async function insert(queries: Queries, entered: HeardVote, refusal?: Refusal): Promise<string> {
  const {
    run,
    runId,
    gate,
    nonce,
    digest,
    approver,
    decision,
    comment,
    witness,
    code,
    at: heardAt,
  } = entered;
  const id = randomUUID();
  await queries.run(
    `INSERT INTO spoken_votes (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      ...[run, runId, gate, nonce, digest],
      ...[storable(approver), decision, storable(comment), witness],
      // What was tried may be the code of something else.
      refusal === undefined ? code : '',
      at(heardAt),
      refusal ?? null,
    ],
  );
  return id;
}

async function wrongCodes(queries: Queries, { nonce, witness }: HeardVote): Promise<number> {
  const [counted] = await queries.rows(
    countRow,
    `SELECT count(*) FROM spoken_votes WHERE nonce = $1 AND witness = $2 AND refusal = 'wrongCode'`,
    [nonce, witness],
  );
  return counted?.count ?? 0;
}

/** The last word of each witness that no vote came of, newest first. */
async function waitingFor(queries: Queries, { nonce, approver }: HeardVote, since: number) {
  return queries.rows(
    heardRow,
    `SELECT * FROM (
       SELECT DISTINCT ON (witness) ${COLUMNS} FROM spoken_votes
       WHERE nonce = $1 AND approver = $2 AND heard_at > $3 AND refusal IS NULL AND vote IS NULL
       ORDER BY witness, heard_at DESC, id
     ) AS last ORDER BY heard_at DESC, id`,
    [nonce, approver, at(since)],
  );
}
