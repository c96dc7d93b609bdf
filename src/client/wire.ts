import { z } from 'zod';
import { CONTINUE_OPTIONS, DECISIONS } from '../model/vote.ts';
import { MODES, PURPOSES } from '../model/runbook.ts';
import { typedLine, typedReason, typedText, typedValues } from './typed-text.ts';

/** What operations are asked over HTTP: the one source for the server, for its OpenAPI page and for our own client. */

const runbookName = typedLine(100).min(1);
/** Ours are shorter; what is no id of a run is refused further in, with a code. */
export const runId = typedLine(200).min(1);
/** Of a step or gate. */
export const stepPath = typedLine(500).min(1);
const comment = typedText(1_000);
const time = z.number().int().nonnegative();
const values = typedValues();

const runbookText = {
  file: typedLine(500),
  text: z.string(),
  library: z.record(z.string(), z.string()).exactOptional(),
};

export const validateBody = z.strictObject({
  ...runbookText,
  mode: z.enum(MODES).exactOptional(),
  inputs: values.exactOptional(),
});

export const startBody = z.strictObject({
  ...runbookText,
  mode: z.enum(MODES),
  purpose: z.enum(PURPOSES),
  inputs: values,
  declaredAt: time.exactOptional(),
});

export const rerunBody = z.strictObject({ from: stepPath });

export const voteBody = z.strictObject({
  gate: stepPath,
  decision: z.enum(DECISIONS),
  option: z.enum(CONTINUE_OPTIONS).exactOptional(),
  answer: typedLine(100).exactOptional(),
  values: values.exactOptional(),
  comment: comment.exactOptional(),
  for: typedLine(64).exactOptional(),
  seen: typedLine(128).exactOptional(),
});

export const cardQuery = z.object({ gate: stepPath });

export const cancelBody = z.strictObject({ reason: comment.exactOptional() });
export const pauseBody = z.strictObject({ step: stepPath.exactOptional(), reason: comment.exactOptional() });

export const freezeBody = z.strictObject({
  reason: typedReason(500),
  scope: z
    .strictObject({
      runbooks: runbookName.exactOptional(),
      connection: typedLine(100).exactOptional(),
      mode: z.enum(MODES).exactOptional(),
    })
    .exactOptional(),
  from: time.exactOptional(),
  until: time.exactOptional(),
});

/** A name with characters that no name has is a wrong one, and gets the answer of all wrong ones. */
export const signInBody = z.strictObject({
  person: z.string().min(1).max(64),
  password: z.string().min(1).max(1_000),
  code: z.string().max(16).exactOptional(),
  /** Of a break-glass account: why. */
  reason: typedText(500).exactOptional(),
});

export const signedIn = z.object({
  credential: z.string(),
  expiresAt: time,
  person: z.string(),
  name: z.string(),
});
export type SignedInAnswer = z.output<typeof signedIn>;

/** What people can sign in with. */
export const signInWays = z.object({ password: z.boolean(), provider: z.boolean() });
export type SignInWaysAnswer = z.output<typeof signInWays>;

/** What RFC 7636 makes of 32 random bytes. */
const challenge = z.string().regex(/^[\w-]{43}$/);
/** What the page is told that hands a session over to the command line; see RFC 8252. */
export const handOverQuery = z.object({
  port: z.coerce.number().int().min(1_024).max(65_535),
  state: z.string().regex(/^[\w-]{16,128}$/),
  challenge,
});
export const redeemBody = z.strictObject({
  code: z.string().regex(/^[\w-]{43}$/),
  verifier: z.string().regex(/^[\w.~-]{43,128}$/),
});

const pageSize = z.coerce.number().int().min(1).max(2_000).exactOptional();
export const ledgerEntriesQuery = z.object({ from: z.coerce.number().int().nonnegative(), limit: pageSize });
export const ledgerCheckpointsQuery = z.object({ after: z.coerce.number().int().min(-1), limit: pageSize });
export const rotateBody = z.strictObject({ bothMs: z.number().int().nonnegative() });

export const schedulesBody = z.strictObject(runbookText);
export const schedulePauseBody = z.strictObject({ reason: typedReason(500) });
export const nextQuery = z.object({ count: z.coerce.number().int().min(1).max(100) });
export const launchesQuery = z.object({
  id: typedLine(200).exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).exactOptional(),
});

/** As a server of Veeam names it, and never a path. */
export const secretId = typedLine(200).min(1);
export const secretsQuery = z.object({ run: runId.exactOptional() });

export const limitQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).exactOptional() });

export const reportQuery = z.object({ format: z.enum(['html', 'pdf', 'json']).default('html') });
