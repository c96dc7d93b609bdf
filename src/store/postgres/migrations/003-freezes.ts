import type { Migration } from './migration.ts';

export const freezes: Migration = {
  version: 3,
  name: 'freezes',
  sql: `
    CREATE TABLE freezes (
      id text PRIMARY KEY,
      reason text NOT NULL,
      set_by text NOT NULL,
      set_at timestamptz NOT NULL,
      runbooks text,
      connection text,
      mode text,
      begins_at timestamptz NOT NULL,
      ends_at timestamptz,
      lifted_by text,
      lifted_at timestamptz
    );
    CREATE INDEX freezes_in_force ON freezes (begins_at) WHERE lifted_at IS NULL;
  `,
};
