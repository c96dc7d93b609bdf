import type { Migration } from './migration.ts';

/** People and runs: what is asked, what was answered, and what became of runs after Temporal has forgotten them. */
export const gates: Migration = {
  version: 2,
  name: 'gates',
  sql: `
    CREATE TABLE runs (
      run_id text PRIMARY KEY,
      first_execution_id text,
      runbook text NOT NULL,
      digest text NOT NULL,
      mode text NOT NULL,
      purpose text NOT NULL,
      starter text NOT NULL,
      started_at timestamptz NOT NULL,
      ended_at timestamptz,
      outcome text,
      achieved_rto_ms bigint
    );
    CREATE INDEX runs_by_runbook ON runs (runbook, started_at DESC);
    CREATE INDEX runs_by_execution ON runs (first_execution_id);

    CREATE TABLE gates (
      nonce text PRIMARY KEY,
      run text NOT NULL,
      run_id text NOT NULL,
      path text NOT NULL,
      kind text NOT NULL,
      title text NOT NULL,
      digest text NOT NULL,
      asked json NOT NULL,
      opened_at timestamptz NOT NULL,
      due_at timestamptz,
      closed_at timestamptz,
      closed_by text
    );
    CREATE INDEX open_gates ON gates (opened_at) WHERE closed_at IS NULL;

    CREATE TABLE votes (
      id text PRIMARY KEY,
      run text NOT NULL,
      run_id text NOT NULL,
      gate text NOT NULL,
      nonce text NOT NULL,
      person text NOT NULL,
      decision text NOT NULL,
      jws text NOT NULL,
      proof text,
      cast_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      taken_at timestamptz,
      given_up text
    );
    COMMENT ON COLUMN votes.proof IS 'The ID token of the identity provider that goes with the vote.';
    COMMENT ON COLUMN votes.taken_at IS 'When Temporal had taken the signal; until then it is sent again.';
    CREATE INDEX waiting_votes ON votes (cast_at) WHERE taken_at IS NULL AND given_up IS NULL;

    CREATE TABLE refusals (
      run text NOT NULL,
      number integer NOT NULL,
      gate text,
      vote text,
      person text,
      refusal text NOT NULL,
      detail text,
      refused_at timestamptz NOT NULL,
      PRIMARY KEY (run, number)
    );
    COMMENT ON COLUMN refusals.number IS 'Counted over the whole run, from 0.';
  `,
};
