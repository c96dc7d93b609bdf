import type { Migration } from './migration.ts';

/** Sessions that people hand over from the browser to the command line. */
export const handOvers: Migration = {
  version: 50,
  name: 'hand-overs',
  sql: `
    CREATE TABLE hand_overs (
      code_hash text PRIMARY KEY,
      challenge text NOT NULL,
      session text NOT NULL,
      made_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    );
    COMMENT ON TABLE hand_overs IS 'Codes that the command line redeems for a session, a minute at most.';
  `,
};
