import { z } from 'zod';
import { CONTINUE_OPTIONS, DECISIONS } from '../model/vote.ts';
import { MODES, PURPOSES } from '../model/runbook.ts';

/** What operations are asked over HTTP: the one source for the server, for its OpenAPI page and for our own client. */

const runbookName = z.string().min(1).max(100);
/** Ours are shorter; what is no id of a run is refused further in, with a code. */
export const runId = z.string().min(1).max(200);
const path = z.string().min(1).max(500);
const comment = z.string().max(1_000);
const time = z.number().int().nonnegative();
const values = z.record(z.string(), z.unknown());

const runbookText = {
  file: z.string().max(500),
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
});

export const rerunBody = z.strictObject({ from: path });

export const voteBody = z.strictObject({
  gate: path,
  decision: z.enum(DECISIONS),
  option: z.enum(CONTINUE_OPTIONS).exactOptional(),
  answer: z.string().max(100).exactOptional(),
  values: values.exactOptional(),
  comment: comment.exactOptional(),
  for: z.string().max(64).exactOptional(),
  seen: z.string().max(128).exactOptional(),
});

export const cardQuery = z.object({ gate: path });

export const cancelBody = z.strictObject({ reason: comment.exactOptional() });
export const pauseBody = z.strictObject({ step: path.exactOptional(), reason: comment.exactOptional() });

export const freezeBody = z.strictObject({
  reason: z.string().trim().min(1).max(500),
  scope: z
    .strictObject({
      runbooks: runbookName.exactOptional(),
      connection: z.string().max(100).exactOptional(),
      mode: z.enum(MODES).exactOptional(),
    })
    .exactOptional(),
  from: time.exactOptional(),
  until: time.exactOptional(),
});

export const signInBody = z.strictObject({
  person: z.string().min(1).max(64),
  password: z.string().min(1).max(1_000),
  code: z.string().max(16).exactOptional(),
  /** Of a break-glass account: why. */
  reason: z.string().max(500).exactOptional(),
});

export const signedIn = z.object({
  credential: z.string(),
  expiresAt: time,
  person: z.string(),
  name: z.string(),
});
export type SignedInAnswer = z.output<typeof signedIn>;

export const schedulesBody = z.strictObject(runbookText);
export const schedulePauseBody = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export const nextQuery = z.object({ count: z.coerce.number().int().min(1).max(100) });
export const launchesQuery = z.object({
  id: z.string().max(200).exactOptional(),
  limit: z.coerce.number().int().min(1).max(200).exactOptional(),
});

export const limitQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).exactOptional() });
