import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../model/json.ts';
import { CONTINUE_OPTIONS, DECISIONS, RUN_REQUESTS, type VoteClaims } from '../model/vote.ts';

/** Longer names and reasons are refused when a vote is made, so that every vote fits into {@link MAX_VOTE_BYTES}. */
export const MAX_COMMENT_LENGTH = 1_000;
const MAX_ROLES = 20;
const MAX_NAME_LENGTH = 64;

/** Larger input is refused unread: anyone who reaches Temporal can send something. */
export const MAX_VOTE_BYTES = 8 * 1024;

const name = z.string().min(1).max(MAX_NAME_LENGTH);
/** Bounded by the size of the whole vote. */
const json: z.ZodType<Json> = z.json();
const seconds = z.int().nonnegative();

/** What a vote must look like, whoever signed it. */
export const voteClaims = z
  .strictObject({
    id: z.string().regex(/^[\w-]{8,64}$/),
    run: z.string().min(1).max(200),
    gate: z.string().min(1).max(500),
    nonce: z.string().max(128),
    digest: z.string().max(128),
    decision: z.enum([...DECISIONS, ...RUN_REQUESTS]),
    option: z.enum(CONTINUE_OPTIONS).exactOptional(),
    answer: z.string().min(1).max(MAX_NAME_LENGTH).exactOptional(),
    values: z.record(z.string().max(MAX_NAME_LENGTH), json).exactOptional(),
    person: name,
    for: name.exactOptional(),
    roles: z.array(name).max(MAX_ROLES),
    comment: z.string().max(MAX_COMMENT_LENGTH).exactOptional(),
    assurance: z.enum(['asserted', 'password', 'twoFactor', 'oidc', 'spoken']).exactOptional(),
    heardBy: z.array(name).length(2).exactOptional(),
    deviation: z.literal('break-glass').exactOptional(),
    iat: seconds,
    exp: seconds,
  })
  .refine(({ assurance, heardBy }) => (assurance === 'spoken') === (heardBy !== undefined), {
    error: 'a spoken vote names its witnesses, and no other does',
  }) satisfies z.ZodType<VoteClaims>;

/** A new unique id for a vote. */
export function newVoteId(): string {
  return randomUUID();
}
