import { z } from 'zod';
import { AUDIT_FOUND } from '../model/audit.ts';
import { FINDING_CHANGES, REVIEW_DECISIONS } from '../model/findings.ts';
import { canonicalJson } from '../model/json.ts';
import { LEDGER_VERSION, type LedgerEntry } from '../model/ledger-entry.ts';
import type { Outcome } from '../model/run.ts';
import { MODES, PURPOSES } from '../model/runbook.ts';
import { PURGE_REASONS, REVEAL_REFUSALS } from '../model/secrets.ts';
import { DECISIONS, REFUSALS, type Refusal } from '../model/vote.ts';
import { fromJson } from './bytes.ts';
import { LedgerError } from './ledger-error.ts';

/** An entry says what happened; documents are elsewhere. */
const MAX_ENTRY_LENGTH = 64 * 1024;

const OUTCOMES = [
  'succeeded',
  'warned',
  'failed',
  'skipped',
  'cancelled',
  'rejected',
] as const satisfies readonly Outcome[];

const text = z.string();
const maybe = text.exactOptional();
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'no SHA-256 in hex');
/** Milliseconds. */
const ms = z.int();
const count = z.int().nonnegative();
const outcome = z.enum(OUTCOMES);
const refusal = z.string().refine((name): name is Refusal => Object.hasOwn(REFUSALS, name), 'no refusal');

const head = { v: z.literal(LEDGER_VERSION), key: text.min(1), at: ms };
const alone = { ...head, run: maybe };
const ofRun = { ...head, run: text.min(1) };
const ofStep = { ...ofRun, path: text.min(1), attempt: count };
const ofGate = { ...ofRun, path: text.min(1), nonce: text.min(1) };
const started = {
  runId: text,
  runbook: text,
  runbookDigest: digest,
  mode: z.enum(MODES),
  purpose: z.enum(PURPOSES),
  actor: text,
};
const ofRuns = [
  z.strictObject({ ...alone, kind: z.literal('run.requested'), ...started }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('run.started'),
    ...started,
    inputsDigest: digest,
    parent: z.strictObject({ runId: text, path: text }).exactOptional(),
    tookOver: z.array(text).exactOptional(),
  }),
  z.strictObject({ ...ofRun, kind: z.literal('run.ended'), outcome, achievedRtoMs: ms.exactOptional() }),
  z.strictObject({
    ...ofStep,
    kind: z.literal('step.ended'),
    outcome,
    action: maybe,
    startedAt: ms.exactOptional(),
    reason: maybe,
    failure: maybe,
    outputDigest: digest.exactOptional(),
  }),
  z.strictObject({
    ...ofStep,
    kind: z.literal('intent'),
    epoch: z.int().positive(),
    action: text,
    target: text,
    requestDigest: digest,
    baselineDigest: digest,
  }),
  z.strictObject({
    ...ofStep,
    kind: z.literal('effect'),
    epoch: z.int().positive(),
    how: z.enum(['done', 'adopted', 'notDone', 'unclear']),
  }),
  z.strictObject({
    ...ofStep,
    kind: z.literal('decision'),
    decision: z.enum(DECISIONS),
    actor: text,
    failure: text,
  }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('audit'),
    found: z.enum(AUDIT_FOUND),
    detail: maybe,
    historyDigest: digest.exactOptional(),
  }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('note'),
    id: text,
    actor: text,
    textDigest: digest,
    attachments: z.array(text).exactOptional(),
  }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('hold.set'),
    id: text,
    actor: text,
    reasonDigest: digest,
  }),
  z.strictObject({ ...ofRun, kind: z.literal('hold.lifted'), id: text, actor: text }),
  z.strictObject({ ...ofRun, kind: z.literal('export'), actor: text, bundleDigest: digest }),
] as const;
const ofGates = [
  z.strictObject({
    ...ofGate,
    kind: z.literal('gate.opened'),
    gate: z.enum(['approval', 'decision', 'manual']),
    digest: text,
    askedDigest: digest,
    dueAt: ms.exactOptional(),
  }),
  z.strictObject({ ...ofGate, kind: z.literal('gate.closed'), by: text }),
  z.strictObject({
    ...ofGate,
    kind: z.literal('gate.decided'),
    digest: text,
    by: z.enum(['vote', 'timeout', 'noticed']),
    votes: z.array(text),
    deviation: z.literal('break-glass').exactOptional(),
  }),
  z.strictObject({
    ...ofGate,
    nonce: text,
    kind: z.literal('vote'),
    id: text.min(1),
    actor: text,
    decision: text,
    jwsDigest: digest,
    proofDigest: digest.exactOptional(),
  }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('refusal'),
    number: count,
    refusal,
    vote: maybe,
    path: maybe,
    claimed: maybe,
  }),
] as const;
const ofOthers = [
  z.strictObject({
    ...alone,
    kind: z.literal('freeze.set'),
    id: text,
    actor: text,
    reasonDigest: digest,
    scopeDigest: digest,
    from: ms,
    until: ms.exactOptional(),
  }),
  z.strictObject({ ...alone, kind: z.literal('freeze.lifted'), id: text, actor: text }),
  z.strictObject({
    ...alone,
    kind: z.literal('delegation'),
    id: text,
    actor: text,
    to: text,
    begins: ms,
    ends: ms,
  }),
  z.strictObject({ ...alone, kind: z.literal('delegation.ended'), id: text, actor: text }),
  z.strictObject({
    ...alone,
    kind: z.literal('identity'),
    event: text,
    person: text,
    actor: maybe,
    detailDigest: digest.exactOptional(),
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('launch'),
    id: text,
    schedule: text,
    runId: text,
    outcome: z.enum(['starting', 'started', 'notStarted']),
    code: maybe,
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('finding'),
    id: text,
    number: count,
    what: z.enum(FINDING_CHANGES),
    actor: maybe,
    state: z.enum(['open', 'repaired', 'closed']),
    textDigest: digest,
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('review'),
    id: text,
    actor: text,
    decision: z.enum(REVIEW_DECISIONS),
    reportDigest: digest,
    jwsDigest: digest,
    from: ms.exactOptional(),
    to: ms.exactOptional(),
  }),
  z.strictObject({ ...alone, kind: z.literal('secret.revealed'), id: text, actor: text, time: z.int() }),
  z.strictObject({
    ...alone,
    kind: z.literal('secret.refused'),
    id: text,
    actor: text,
    why: z.enum(REVEAL_REFUSALS),
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('secret.purged'),
    id: text,
    fingerprint: text,
    why: z.enum(PURGE_REASONS),
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('ledger.key'),
    actor: text,
    origin: text,
    oldKey: text,
    newKey: text,
    bothUntil: ms,
    signatures: text,
  }),
  z.strictObject({
    ...ofRun,
    kind: z.literal('writeAhead'),
    file: digest,
    from: ms,
    to: ms,
    keys: z.array(text),
  }),
  z.strictObject({
    ...alone,
    kind: z.literal('pruning'),
    id: text,
    actor: text,
    policyDigest: digest,
    count: z.int().positive(),
    leavesDigest: digest,
    statementDigest: digest,
  }),
  z.strictObject({ ...alone, kind: z.literal('configuration'), digest: text, version: text }),
] as const;

const entrySchema = z.discriminatedUnion('kind', [
  ...ofRuns,
  ...ofGates,
  ...ofOthers,
]) satisfies z.ZodType<LedgerEntry>;

/**
 * Reads the text of an entry, of which nothing is believed: one of the known kinds, no field more, and written in the one form,
 * so that no two texts mean the same.
 *
 * @param position for messages
 * @throws LedgerError `ledger.badEntry`
 */
export function parseEntry(entry: string, position: number): LedgerEntry {
  if (entry.length > MAX_ENTRY_LENGTH) throw bad(position, 'It is too long.');
  const read = entrySchema.safeParse(fromJson(entry));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw bad(position, `${['entry', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'wrong'}.`);
  }
  if (canonicalJson(read.data) !== entry) throw bad(position, 'It is not written in the one form.');
  return read.data;
}

function bad(position: number, detail: string): LedgerError {
  return new LedgerError('ledger.badEntry', `entry ${position}`, { detail });
}
