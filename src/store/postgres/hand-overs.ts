import { z } from 'zod';
import type { HandOver, PeopleStore } from '../people-contracts.ts';
import type { Database } from './database.ts';
import { at, time } from './values.ts';

const handOverRow = z
  .object({
    code_hash: z.string(),
    challenge: z.string(),
    session: z.string(),
    made_at: time,
    expires_at: time,
  })
  .transform(({ code_hash, challenge, session, made_at, expires_at }): HandOver => ({
    codeHash: code_hash,
    challenge,
    session,
    madeAt: made_at,
    expiresAt: expires_at,
  }));

/** Sessions on their way from the browser to the command line, in the table `hand_overs`. */
export function postgresHandOvers(database: Database): Pick<PeopleStore, 'keepHandOver' | 'takeHandOver'> {
  return {
    async keepHandOver({ codeHash, challenge, session, madeAt, expiresAt }) {
      await database.run('DELETE FROM hand_overs WHERE expires_at <= $1', [at(madeAt)]);
      await database.run(
        'INSERT INTO hand_overs (code_hash, challenge, session, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [codeHash, challenge, session, at(madeAt), at(expiresAt)],
      );
    },
    async takeHandOver(codeHash) {
      const [taken] = await database.rows(
        handOverRow,
        'DELETE FROM hand_overs WHERE code_hash = $1 RETURNING *',
        [codeHash],
      );
      return taken;
    },
  };
}
