import type { Migration } from './migration.ts';

/** Who may no longer act, what people come in with, and what identity providers said of them. No secret is kept. */
export const people: Migration = {
  version: 10,
  name: 'people',
  sql: `
    CREATE TABLE revocations (
      person text PRIMARY KEY,
      revoked_by text NOT NULL,
      reason text NOT NULL,
      revoked_at timestamptz NOT NULL
    );

    CREATE TABLE credentials (
      id text PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('token', 'session')),
      secret_hash text NOT NULL CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
      person text NOT NULL,
      via text NOT NULL,
      assurance text NOT NULL,
      note text NOT NULL,
      scope json,
      made_by text,
      made_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      last_used_at timestamptz NOT NULL,
      ended_at timestamptz
    );
    CREATE INDEX credentials_of_person ON credentials (person, made_at DESC);

    CREATE TABLE passcode_steps (
      person text PRIMARY KEY,
      step bigint NOT NULL
    );

    CREATE TABLE throttles (
      key text PRIMARY KEY,
      failures integer NOT NULL,
      failed_at timestamptz NOT NULL,
      blocked_until timestamptz NOT NULL
    );
    CREATE INDEX throttles_by_age ON throttles (failed_at);

    CREATE TABLE identity_events (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      kind text NOT NULL,
      happened_at timestamptz NOT NULL,
      person text NOT NULL,
      done_by text,
      source text,
      detail text
    );
    CREATE INDEX identity_events_of_person ON identity_events (person, id DESC);

    CREATE TABLE pending_logins (
      state_hash text PRIMARY KEY,
      binding_hash text NOT NULL,
      verifier text NOT NULL,
      nonce text NOT NULL,
      redirect_uri text NOT NULL,
      begun_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      person text
    );
    CREATE INDEX pending_logins_by_age ON pending_logins (expires_at);

    CREATE TABLE provider_people (
      person text PRIMARY KEY,
      issuer text NOT NULL,
      subject text NOT NULL,
      name text NOT NULL,
      groups json NOT NULL,
      seen_at timestamptz NOT NULL,
      UNIQUE (issuer, subject)
    );

    CREATE TABLE provider_keys (
      issuer text NOT NULL,
      kid text NOT NULL,
      jwk json NOT NULL,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      PRIMARY KEY (issuer, kid)
    );
  `,
};
