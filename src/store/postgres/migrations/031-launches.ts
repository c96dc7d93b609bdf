import type { Migration } from './migration.ts';

export const launches: Migration = {
  version: 31,
  name: 'launches',
  sql: `
    CREATE TABLE launches (
      id text PRIMARY KEY,
      schedule text NOT NULL,
      runbook text NOT NULL,
      digest text NOT NULL,
      mode text NOT NULL,
      scheduled_at timestamptz NOT NULL,
      began_at timestamptz NOT NULL,
      run_id text NOT NULL,
      outcome text NOT NULL,
      code text,
      reason text
    );
    CREATE INDEX launches_of_schedule ON launches (schedule, scheduled_at DESC);
    CREATE INDEX launches_by_time ON launches (scheduled_at DESC);
  `,
};
