import type { Migration } from './migration.ts';

/** Which runs have been compared with what Temporal knows of them, and what was found. */
export const audits: Migration = {
  version: 72,
  name: 'audits',
  sql: `
    CREATE TABLE audits (
      run_id text PRIMARY KEY,
      run text,
      parent text,
      seen_at timestamptz NOT NULL,
      audited_at timestamptz,
      is_final boolean NOT NULL DEFAULT false,
      history_digest text,
      executions json NOT NULL DEFAULT '[]',
      findings json NOT NULL DEFAULT '[]'
    );
    COMMENT ON COLUMN audits.parent IS 'The run that started it; such a run stands in no other table.';
    COMMENT ON COLUMN audits.is_final IS 'The run had ended: nothing is expected to come any more.';
    COMMENT ON COLUMN audits.executions IS 'Those that were read; Temporal may have dropped them since.';
    -- What has ended before there were audits, Temporal may have dropped long ago: that nobody has looked is no alarm.
    INSERT INTO audits (run_id, run, seen_at, is_final)
      SELECT run_id, first_execution_id, ended_at, true FROM runs WHERE ended_at IS NOT NULL;
    CREATE INDEX audits_due ON audits (seen_at) WHERE NOT is_final;
  `,
};
