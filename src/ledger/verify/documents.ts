import { z } from 'zod';
import type { ApprovalPolicy } from '../../model/approval.ts';
import { REVIEW_DECISIONS, type ReviewClaims } from '../../model/findings.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Offer } from '../../model/offers.ts';
import { EXCLUSIONS, MODES, PURPOSES, type ApprovalRule, type FieldSpec } from '../../model/runbook.ts';
import {
  CONTINUE_OPTIONS,
  DECISIONS,
  FAILURE_DECISIONS,
  RUN_REQUESTS,
  type CoveredStep,
  type VoteClaims,
} from '../../model/vote.ts';

/** The documents of a bundle, as they are read. What is signed and canonical may still be of another version. */

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const text = z.string();
const seconds = z.int().nonnegative();

export const anyObject = jsonObject;

export const runDocument = z.strictObject({
  runId: text.min(1),
  firstExecutionId: text.min(1),
  runbook: text,
  runbookDigest: text,
  mode: z.enum(MODES),
  purpose: z.enum(PURPOSES),
});

/** What somebody signs who has reviewed a report. */
export const reviewClaims = z.strictObject({
  id: text.min(1),
  run: text.exactOptional(),
  runId: text.exactOptional(),
  from: z.int().exactOptional(),
  to: z.int().exactOptional(),
  reportDigest: text,
  decision: z.enum(REVIEW_DECISIONS),
  comment: text,
  person: text.min(1),
  roles: z.array(text),
  assurance: text,
  iat: seconds,
}) satisfies z.ZodType<ReviewClaims>;

export const findingsDocument = z.array(
  z.strictObject({ id: text, number: z.int().nonnegative(), finding: jsonObject }),
);

export const entryLine = z.strictObject({ position: z.int().nonnegative(), text });

const hexHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((hex) => Buffer.from(hex, 'hex'));
/** More than any tree of 2^53 entries needs. */
const MAX_PROOF_HASHES = 64;
export const proofsDocument = z.strictObject({
  size: z.int().nonnegative(),
  proofs: z.array(
    z.strictObject({ position: z.int().nonnegative(), hashes: z.array(hexHash).max(MAX_PROOF_HASHES) }),
  ),
});

const jwk = z.record(z.string(), json);
export const keysDocument = z.strictObject({
  vote: z.strictObject({
    keys: z.array(
      z.strictObject({
        alg: z.literal('EdDSA'),
        crv: z.literal('Ed25519'),
        kid: text,
        kty: z.literal('OKP'),
        use: z.literal('sig'),
        x: text,
      }),
    ),
  }),
  providers: z.array(
    z.strictObject({
      issuer: text,
      audience: text,
      provesVotes: z.boolean(),
      source: text,
      keys: z.array(z.strictObject({ kid: text, jwk, firstSeenAt: z.int(), lastSeenAt: z.int() })),
      people: z.array(z.strictObject({ person: text, subject: text })),
    }),
  ),
});
export type KeysDocument = z.output<typeof keysDocument>;
export type ProviderDocument = KeysDocument['providers'][number];

export const rule = z.union([
  z.strictObject({ role: text, count: z.int().positive() }),
  z.strictObject({ people: z.array(text), count: z.int().positive() }),
]) satisfies z.ZodType<ApprovalRule>;
const decisions = z.strictObject({
  default: rule,
  ...Object.fromEntries(FAILURE_DECISIONS.map((decision) => [decision, rule.exactOptional()])),
});
const policy = z.strictObject({
  rules: z.array(rule),
  exclude: z.array(z.enum(EXCLUSIONS)),
  starter: text,
  authors: z.array(text).exactOptional(),
  previous: z.array(text).exactOptional(),
  decisions: decisions.exactOptional(),
}) satisfies z.ZodType<ApprovalPolicy>;
const offer = z.strictObject({
  decision: z.enum(DECISIONS),
  option: z.enum(CONTINUE_OPTIONS).exactOptional(),
  answer: text.exactOptional(),
  says: text,
  unavailable: text.exactOptional(),
  needsComment: z.literal(true).exactOptional(),
}) satisfies z.ZodType<Offer>;
const field = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'duration', 'vroPlan']),
  pattern: text.exactOptional(),
  description: text.exactOptional(),
  optional: z.literal(true).exactOptional(),
}) satisfies z.ZodType<FieldSpec>;
const covered = z.strictObject({
  path: text,
  action: text,
  with: jsonObject,
  target: text,
  subject: z
    .strictObject({ vms: z.array(text), position: z.enum(['default', 'in-use', 'halted']) })
    .exactOptional(),
}) satisfies z.ZodType<CoveredStep>;

/** What was asked at a gate: there may be more in it, which people saw and no rule needs. */
export const askedDocument = z.looseObject({
  policy,
  offers: z.array(offer),
  covered: z.array(covered),
  fields: z.record(z.string(), field).exactOptional(),
});
export type AskedDocument = z.output<typeof askedDocument>;

/** The signed text of a vote. */
export const voteClaims = z.strictObject({
  id: text.min(1),
  run: text,
  gate: text,
  nonce: text,
  digest: text,
  decision: z.enum([...DECISIONS, ...RUN_REQUESTS]),
  option: z.enum(CONTINUE_OPTIONS).exactOptional(),
  answer: text.exactOptional(),
  values: jsonObject.exactOptional(),
  person: text.min(1),
  for: text.exactOptional(),
  roles: z.array(text),
  comment: text.exactOptional(),
  assurance: z.enum(['asserted', 'password', 'twoFactor', 'oidc', 'spoken']).exactOptional(),
  heardBy: z.array(text).length(2).exactOptional(),
  deviation: z.literal('break-glass').exactOptional(),
  iat: seconds,
  exp: seconds,
}) satisfies z.ZodType<VoteClaims>;

/** The claims of an ID token that say whom and what it proves. */
export const idTokenClaims = z.looseObject({
  iss: text,
  sub: text.min(1),
  aud: z.union([text, z.array(text)]),
  azp: text.exactOptional(),
  nonce: text,
  iat: z.number(),
  exp: z.number(),
});

export const redactionsDocument = z.strictObject({
  rules: z.array(z.strictObject({ name: text, field: text, why: text })),
  redactions: z.array(z.strictObject({ path: text, rule: text, sha256: text })),
});

const event = z.looseObject({
  eventId: z.union([text, z.int()]),
  workflowExecutionStartedEventAttributes: z
    .looseObject({
      firstExecutionRunId: text.exactOptional(),
      continuedExecutionRunId: text.exactOptional(),
    })
    .exactOptional(),
});
export const historyDocument = z.strictObject({
  executions: z.array(
    z.strictObject({ executionId: text, history: z.looseObject({ events: z.array(event) }) }),
  ),
});
