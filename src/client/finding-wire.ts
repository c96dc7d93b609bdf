import { z } from 'zod';
import { REVIEW_DECISIONS, SEVERITIES, type Note, type Review } from '../model/findings.ts';
import type { ListedFinding } from './finding-requests.ts';
import { NOTE_LIMITS } from './notes.ts';
import { typedLine, typedReason } from './typed-text.ts';
import { list, told } from './wire-answers.ts';
import { runId } from './wire.ts';

/** What is asked over HTTP about notes, findings and reports: the one source for the server and its OpenAPI page. */

/** Base64 is a third longer; what is too large is refused further in, with a code. */
const MAX_CONTENT = Math.ceil((NOTE_LIMITS.fileBytes + 1) / 3) * 4;
/** Of the whole request: the file and the text, and what is around them. */
export const NOTE_BODY_BYTES = MAX_CONTENT + 4 * NOTE_LIMITS.characters + 16 * 1024;

const text = z.string();
const time = z.int().describe('milliseconds since 1970');
const moment = z.coerce.number().int();
const format = z.enum(['html', 'pdf', 'json']).default('html');
const findingId = typedLine(500).min(1);
const says = typedReason(2_000);

export const noteBody = z.strictObject({
  text: typedReason(NOTE_LIMITS.characters),
  attachment: z
    .strictObject({ name: typedLine(NOTE_LIMITS.fileName).min(1), content: z.string().max(MAX_CONTENT) })
    .exactOptional(),
});
export const noteParams = z.object({ runId, id: typedLine(100).min(1) });

export const findingsQuery = z.strictObject({
  runId: runId.exactOptional(),
  state: z.enum(['open', 'overdue', 'closed', 'all']).exactOptional(),
});
export const findingQuery = z.strictObject({ id: findingId });
const severity = z.enum(SEVERITIES);
export const raiseBody = z.strictObject({
  text: says,
  severity,
  runId: runId.exactOptional(),
  path: typedLine(500).min(1).exactOptional(),
  runbook: typedLine(100).min(1).exactOptional(),
});
export const assignBody = z.strictObject({
  id: findingId,
  owner: typedReason(200).exactOptional(),
  dueAt: z.int().nonnegative().exactOptional(),
  severity: severity.exactOptional(),
});
export const repairBody = z.strictObject({ id: findingId, text: says });
export const closeBody = z.strictObject({
  id: findingId,
  evidence: z.array(typedLine(200).min(1)).min(1).max(20),
  comment: says.exactOptional(),
});
export const reopenBody = z.strictObject({ id: findingId, reason: says });

export const periodQuery = z.strictObject({ from: moment, to: moment, format });

const review = { decision: z.enum(REVIEW_DECISIONS), comment: typedReason(4_000) };
export const reviewBody = z.strictObject(review);
export const periodReviewBody = z.strictObject({ ...review, from: z.int(), to: z.int() });

export const note = told<Note>({ id: text, runId: text, at: time, by: text, text });
export const notes = list(note);
export const finding = told<ListedFinding>({
  id: text,
  raisedBy: text,
  raisedAt: time,
  text,
  severity,
  state: text,
  history: z.array(z.looseObject({ at: time, by: text, what: text })),
});
export const findings = list(finding);
export const signedReview = told<Review>({
  id: text,
  reportDigest: text,
  decision: text,
  comment: text,
  person: text,
  jws: text,
});
