import { z } from 'zod';
import {
  IDENTITY_EVENTS,
  type IdentityEvent,
  type KeptCredential,
  type PendingLogin,
  type ProviderKey,
  type ProviderPerson,
} from '../people-contracts.ts';
import { json, time } from './values.ts';

export const revocationRow = z
  .object({ person: z.string(), revoked_by: z.string(), reason: z.string(), revoked_at: time })
  .transform(({ person, revoked_by, reason, revoked_at }) => ({
    person,
    revocation: { by: revoked_by, reason, at: revoked_at },
  }));

export const credentialRow = z
  .object({
    id: z.string(),
    kind: z.enum(['token', 'session']),
    secret_hash: z.string(),
    person: z.string(),
    via: z.enum(['password', 'oidc', 'break-glass', 'token']),
    assurance: z.enum(['password', 'twoFactor', 'oidc']),
    note: z.string(),
    scope: z.object({ actions: z.array(z.string()), runbooks: z.string().exactOptional() }).nullable(),
    made_by: z.string().nullable(),
    made_at: time,
    expires_at: time,
    last_used_at: time,
    ended_at: time.nullable(),
  })
  .transform((row): KeptCredential => ({
    id: row.id,
    kind: row.kind,
    secretHash: row.secret_hash,
    person: row.person,
    via: row.via,
    assurance: row.assurance,
    note: row.note,
    ...(row.scope !== null && { scope: row.scope }),
    ...(row.made_by !== null && { madeBy: row.made_by }),
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  }));

export const eventRow = z
  .object({
    kind: z.enum(IDENTITY_EVENTS),
    happened_at: time,
    person: z.string(),
    done_by: z.string().nullable(),
    source: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .transform(({ kind, happened_at, person, done_by, source, detail }): IdentityEvent => ({
    kind,
    at: happened_at,
    person,
    ...(done_by !== null && { by: done_by }),
    ...(source !== null && { source }),
    ...(detail !== null && { detail }),
  }));

export const loginRow = z
  .object({
    state_hash: z.string(),
    binding_hash: z.string(),
    verifier: z.string(),
    nonce: z.string(),
    redirect_uri: z.string(),
    begun_at: time,
    expires_at: time,
    person: z.string().nullable(),
  })
  .transform((row): PendingLogin => ({
    stateHash: row.state_hash,
    bindingHash: row.binding_hash,
    verifier: row.verifier,
    nonce: row.nonce,
    redirectUri: row.redirect_uri,
    begunAt: row.begun_at,
    expiresAt: row.expires_at,
    ...(row.person !== null && { person: row.person }),
  }));

export const providerPersonRow = z
  .object({
    person: z.string(),
    issuer: z.string(),
    subject: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    seen_at: time,
  })
  .transform(({ seen_at, ...row }): ProviderPerson => ({ ...row, seenAt: seen_at }));

export const providerKeyRow = z
  .object({
    issuer: z.string(),
    kid: z.string(),
    jwk: json,
    first_seen_at: time,
    last_seen_at: time,
  })
  .transform(({ issuer, kid, jwk, first_seen_at, last_seen_at }): ProviderKey => ({
    issuer,
    kid,
    jwk,
    firstSeenAt: first_seen_at,
    lastSeenAt: last_seen_at,
  }));
