import { z } from 'zod';
import { REVIEW_DECISIONS, type Review } from '../../model/findings.ts';
import { without } from '../../model/json.ts';
import type { ReviewStore } from '../finding-contracts.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { reviewSigned } from './ledger-entries.ts';
import { takeTurns } from './take-turns.ts';
import { at } from './values.ts';

const text = z.string();
const countRow = z.object({ reviews: z.coerce.number() });

/** The reviews of a run, each with its report, are part of its evidence, which has to stay small enough to be exported. */
const MAX_RUN_REVIEWS = 100;

const reviewRow = z
  .object({
    claims: z.object({
      id: text,
      run: text.exactOptional(),
      runId: text.exactOptional(),
      from: z.number().exactOptional(),
      to: z.number().exactOptional(),
      reportDigest: text,
      decision: z.enum(REVIEW_DECISIONS),
      comment: text,
      person: text,
      roles: z.array(text),
      assurance: text,
      iat: z.number(),
    }),
    jws: text,
  })
  .transform(({ claims, jws }): Review => ({ ...claims, jws }));

/** Signed reviews, in the table `reviews`. */
export function postgresReviews(database: Database): ReviewStore {
  return {
    add: (review) =>
      entered(database, async (queries, enter) => {
        const { id, run, from, to, reportDigest, iat, jws } = review;
        if (run !== undefined) {
          // Of two that come at once the second waits: the number holds for both.
          await takeTurns(queries, 'reviews', run);
          const [held] = await queries.rows(
            countRow,
            'SELECT count(*) AS reviews FROM reviews WHERE run = $1',
            [run],
          );
          if ((held?.reviews ?? 0) >= MAX_RUN_REVIEWS) return 'tooMuch';
        }
        await queries.run(
          `INSERT INTO reviews (id, run, begins_at, ends_at, report_digest, signed_at, claims, jws)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            id,
            run ?? null,
            from === undefined ? null : at(from),
            to === undefined ? null : at(to),
            reportDigest,
            at(iat * 1_000),
            JSON.stringify(without(review, ['jws'])),
            jws,
          ],
        );
        enter(reviewSigned(review));
        return 'kept';
      }),
    ofRun: (run) =>
      database.rows(reviewRow, 'SELECT claims, jws FROM reviews WHERE run = $1 ORDER BY signed_at, id', [
        run,
      ]),
    ofPeriod: ({ from, to, runs }) =>
      database.rows(
        reviewRow,
        `SELECT claims, jws FROM reviews
         WHERE run = ANY($3) OR run IS NULL AND begins_at < $2 AND ends_at > $1 ORDER BY signed_at, id`,
        [at(from), at(to), runs],
      ),
  };
}
