import { z } from 'zod';
import { REFUSALS, type Refusal } from '../../model/vote.ts';
import type { RefusalStore } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { at, storable, time } from './values.ts';

const refusalRow = z
  .object({
    vote: z.string().nullable(),
    gate: z.string().nullable(),
    person: z.string().nullable(),
    refusal: z.string().refine((name): name is Refusal => name in REFUSALS),
    detail: z.string().nullable(),
    refused_at: time,
  })
  .transform(({ vote, gate, person, refusal, detail, refused_at }) => ({
    id: vote ?? '',
    at: refused_at,
    refusal,
    ...(gate === null ? {} : { gate }),
    ...(person === null ? {} : { claimedPerson: person }),
    ...(detail === null ? {} : { detail }),
  }));
const countRow = z.object({ count: z.coerce.number() });

/** Answers that did not count, in the table `refusals`. */
export function postgresRefusals(database: Database): RefusalStore {
  return {
    add: (run, from, refused) =>
      database.transaction(async (queries) => {
        for (const [index, one] of refused.entries()) {
          const { id, at: refusedAt, refusal, gate, claimedPerson, detail } = one;
          await queries.run(
            `INSERT INTO refusals (run, number, vote, gate, person, refusal, detail, refused_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
            [
              run,
              from + index,
              ...[id, gate, claimedPerson].map(storable),
              refusal,
              storable(detail),
              at(refusedAt),
            ],
          );
        }
      }),
    of: (run, limit) =>
      database.rows(
        refusalRow,
        `SELECT vote, gate, person, refusal, detail, refused_at FROM refusals
         WHERE run = $1 ORDER BY number DESC LIMIT $2`,
        [run, limit],
      ),
    async count(run) {
      const [counted] = await database.rows(countRow, 'SELECT count(*) FROM refusals WHERE run = $1', [run]);
      return counted?.count ?? 0;
    },
  };
}
