import type { Migration } from './migration.ts';

export const channels: Migration = {
  version: 30,
  name: 'channels',
  sql: `
    CREATE TABLE channels (
      name text PRIMARY KEY,
      taken_at timestamptz,
      failed_at timestamptz,
      reason text,
      failures integer NOT NULL
    );
  `,
};
