import type { Migration } from './migration.ts';

export const delegations: Migration = {
  version: 4,
  name: 'delegations',
  sql: `
    CREATE TABLE delegations (
      id text PRIMARY KEY,
      delegator text NOT NULL,
      delegate text NOT NULL,
      reason text,
      begins_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      ended_at timestamptz,
      ended_by text
    );
    CREATE INDEX delegations_to ON delegations (delegate, ends_at);
  `,
};
