import { z } from 'zod';
import { REFUSALS, type Refusal } from '../../model/vote.ts';
import type { RefusalStore } from '../gate-contracts.ts';
import type { Database } from './database.ts';
import { entered } from './ledger.ts';
import { voteRefused } from './ledger-entries.ts';
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
    async add(run, from, refused) {
      const rows = refused.map(({ id, at: refusedAt, refusal, gate, claimedPerson, detail }, index) => ({
        number: from + index,
        vote: storable(id),
        gate: storable(gate),
        person: storable(claimedPerson),
        refusal,
        detail: storable(detail),
        refused_at: at(refusedAt),
      }));
      // In one go: a flood is written as quickly as it is looked at.
      await entered(database, async (queries, enter) => {
        await queries.run(
          `INSERT INTO refusals (run, number, vote, gate, person, refusal, detail, refused_at)
         SELECT $1, number, vote, gate, person, refusal, detail, refused_at
         FROM json_to_recordset($2) AS r (number integer, vote text, gate text, person text, refusal text,
                                          detail text, refused_at timestamptz)
         ON CONFLICT DO NOTHING`,
          [run, JSON.stringify(rows)],
        );
        refused.forEach((one, index) => enter(voteRefused(run, from + index, one)));
      });
    },
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
