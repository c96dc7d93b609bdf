import { z } from 'zod';
import type { Actor } from '../model/actor.ts';
import type { Freeze } from '../model/freeze.ts';
import { MODES } from '../model/runbook.ts';
import type { Verdict } from '../model/vote.ts';
import type { Rewrapped, SecretRecord, Launch } from '../store/index.ts';
import type { Hold, KeptCheckpoint, LedgerRow } from '../store/index.ts';
import type { AuditView } from './audit-desk.ts';
import type { Card } from './card.ts';
import type { KeyRotation } from './ledger-desk.ts';
import type {
  Frozen,
  InboxGate,
  KeptRefusals,
  LedgerStatus,
  RunSummary,
  RunView,
  StartedRun,
  Validation,
} from './muster.ts';
import type { RevealedSecret } from './secrets.ts';
import type { Pruned } from './retention-desk.ts';
import type { NextStart, ScheduleChange, ScheduleView } from './schedule-requests.ts';

/**
 * What operations answer over HTTP, for readers of the API: the names that can be relied on. The types of the code say the
 * rest, and nothing of an answer is left out.
 */
export function told<T>(shape: z.ZodRawShape): z.ZodType<T, T> {
  const schema: unknown = z.looseObject(shape);
  return schema as z.ZodType<T, T>;
}

export function list<T>(item: z.ZodType<T, T>): z.ZodType<readonly T[], readonly T[]> {
  return z.array(item);
}

const time = z.int().describe('milliseconds since 1970');
const text = z.string();
const object = z.looseObject({});
const mode = z.enum(MODES);

export const actor = told<Actor>({
  person: text,
  name: text,
  kind: text,
  grants: z.array(z.looseObject({ role: text })),
  via: text,
  assurance: text,
});
export const validation = told<Validation>({ ok: z.boolean(), diagnostics: z.array(object) });
export const startedRun = told<StartedRun>({ runId: text, digest: text });
export const runSummaries = list(
  told<RunSummary>({
    runId: text,
    runbook: text,
    mode: text,
    state: text,
    waiting: text.optional(),
    startedAt: time,
    endedAt: time.optional(),
  }),
);
export const runView = told<RunView>({
  state: text,
  timeline: object,
  steps: z.array(z.looseObject({ path: text, title: text, kind: text, state: text })),
  progress: z.record(text, object),
  outcome: text.optional(),
});
export const verdict = told<Verdict>({ id: text, counted: z.boolean() });
export const refusals = told<KeptRefusals>({ total: z.int(), latest: z.array(object) });
export const auditView = told<AuditView>({ runId: text, isFinal: z.boolean(), findings: z.array(object) });
export const auditViews = list(auditView);
export const pruned = told<Pruned>({ entries: z.int(), runs: z.array(text), kept: z.array(object) });
export const hold = told<Hold>({ id: text, runId: text, reason: text, by: text, at: time });
export const holds = list(hold);
export const ledgerStatus = told<LedgerStatus>({
  origin: text,
  key: text,
  size: z.int(),
  root: text,
  witnesses: z.array(object),
});
export const ledgerEntries = list(told<LedgerRow>({ position: z.int() }));
export const ledgerPrunings = list(text);
export const ledgerCheckpoints = list(told<KeptCheckpoint>({ size: z.int(), note: text, signedAt: time }));
export const keyRotation = told<KeyRotation>({ oldKey: text, newKey: text, bothUntil: time });
export const secretRecord = told<SecretRecord>({
  id: text,
  kind: text,
  runId: text,
  path: text,
  connection: text,
  name: text,
  machines: z.array(text),
  fingerprint: text,
  revealTo: text,
  keptAt: time,
  expiresAt: time.optional(),
  reveals: z.int(),
  mayReveal: z.int(),
  purgedAt: time.optional(),
});
export const secretRecords = list(secretRecord);
export const revealedSecret = told<RevealedSecret>({ value: text, time: z.int(), record: secretRecord });
export const rewrapped = told<Rewrapped>({ keyId: text, rewrapped: z.int(), left: z.array(text) });
export const inboxGates = list(
  told<InboxGate>({
    runId: text,
    runbook: text,
    gate: text,
    kind: text,
    title: text,
    openedAt: time,
    dueAt: time.optional(),
    isMine: z.boolean(),
  }),
);
export const card = told<Card>({
  runId: text,
  gate: text,
  nonce: text,
  kind: text,
  title: text,
  allows: z.array(object),
  missing: z.array(text),
  offers: z.array(object),
  votes: z.array(object),
});

const freeze = told<Freeze>({ id: text, reason: text, by: text, at: time, scope: object, from: time });
export const freezes = list(freeze);
export const frozen = told<Frozen>({ freeze, goesOn: z.array(object) });

export const scheduleChanges = list(told<ScheduleChange>({ id: text, what: text }));
export const scheduleViews = list(
  told<ScheduleView>({ id: text, cron: text, timezone: text, mode, paused: z.boolean() }),
);
export const nextStarts = list(told<NextStart>({ id: text, at: time, mode }));
export const launches = list(
  told<Launch>({ id: text, schedule: text, runbook: text, runId: text, outcome: text }),
);
