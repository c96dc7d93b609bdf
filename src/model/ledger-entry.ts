import type { AuditFound } from './audit.ts';
import type { FindingChange, ReviewDecision } from './findings.ts';
import type { Outcome, RunInput } from './run.ts';
import type { Mode, Purpose } from './runbook.ts';
import type { PurgeReason, RevealRefusal } from './secrets.ts';
import type { Decision, Refusal } from './vote.ts';

/** The form of entries; a reader that finds another does not guess. */
export const LEDGER_VERSION = 1;

/** What every entry says. Its text is canonical JSON, and never changes. */
interface EntryHead {
  readonly v: typeof LEDGER_VERSION;
  /** Names what happened: the same is entered once, however often it is told. */
  readonly key: string;
  /** When it happened, in milliseconds since 1970, by the clock of whoever saw it. */
  readonly at: number;
  /** The first execution id of the run that it belongs to. */
  readonly run?: string;
}

/** Names one attempt of one step of a run. */
interface OfStep {
  readonly run: string;
  readonly path: string;
  readonly attempt: number;
}

/** What may be entered, by kind. Documents and secrets never are: only their SHA-256 digests. */
export interface LedgerEntryKinds {
  /** Somebody wants a run: noted before Temporal is asked. */
  readonly 'run.requested': {
    readonly runId: string;
    readonly runbook: string;
    readonly runbookDigest: string;
    readonly mode: Mode;
    readonly purpose: Purpose;
    readonly actor: string;
  };
  /** The run began, as it says itself. */
  readonly 'run.started': {
    readonly run: string;
    readonly runId: string;
    readonly runbook: string;
    readonly runbookDigest: string;
    readonly mode: Mode;
    readonly purpose: Purpose;
    readonly actor: string;
    readonly inputsDigest: string;
    readonly parent?: RunInput['parent'];
    /** First execution ids of the runs whose results it took over. */
    readonly tookOver?: readonly string[];
  };
  readonly 'run.ended': {
    readonly run: string;
    readonly outcome: Outcome;
    readonly achievedRtoMs?: number;
  };
  /** A step has an outcome; one that is tried anew ends once for each attempt. */
  readonly 'step.ended': OfStep & {
    readonly outcome: Outcome;
    readonly action?: string;
    readonly startedAt?: number;
    readonly reason?: string;
    /** The code of its failure. */
    readonly failure?: string;
    /** SHA-256 of the canonical JSON of its output. */
    readonly outputDigest?: string;
  };
  /** A command is about to be sent: entered in the transaction that keeps the intent. */
  readonly intent: OfStep & {
    readonly epoch: number;
    readonly action: string;
    readonly target: string;
    readonly requestDigest: string;
    readonly baselineDigest: string;
  };
  /** What became of an intent. */
  readonly effect: OfStep & {
    readonly epoch: number;
    readonly how: 'done' | 'adopted' | 'notDone' | 'unclear';
  };
  readonly 'gate.opened': {
    readonly run: string;
    readonly path: string;
    readonly nonce: string;
    readonly gate: 'approval' | 'decision' | 'manual';
    /** Of what the answer allows; votes name it. */
    readonly digest: string;
    /** Of the question as it was shown, with its rules and facts. */
    readonly askedDigest: string;
    readonly dueAt?: number;
  };
  readonly 'gate.closed': {
    readonly run: string;
    readonly path: string;
    readonly nonce: string;
    readonly by: string;
  };
  /** How a gate was decided, as the run took it: with which votes. */
  readonly 'gate.decided': {
    readonly run: string;
    readonly path: string;
    readonly nonce: string;
    /** Of what the votes allow. */
    readonly digest: string;
    readonly by: 'vote' | 'timeout' | 'noticed';
    /** The ids of the votes that count, in the order in which they were counted. */
    readonly votes: readonly string[];
    readonly deviation?: 'break-glass';
  };
  /** A vote was cast: kept before it is sent. Whether it counts, the run says. */
  readonly vote: {
    readonly run: string;
    readonly path: string;
    readonly nonce: string;
    readonly id: string;
    readonly actor: string;
    readonly decision: string;
    readonly jwsDigest: string;
    /** Of the ID token that goes with it. */
    readonly proofDigest?: string;
  };
  /** An answer did not count. */
  readonly refusal: {
    readonly run: string;
    readonly number: number;
    readonly refusal: Refusal;
    readonly vote?: string;
    readonly path?: string;
    /** Who it claims to be from. */
    readonly claimed?: string;
  };
  /** People decided on a failed step, and the run took it. */
  readonly decision: OfStep & {
    readonly decision: Decision;
    readonly actor: string;
    readonly failure: string;
  };
  readonly 'freeze.set': {
    readonly id: string;
    readonly actor: string;
    readonly reasonDigest: string;
    readonly scopeDigest: string;
    readonly from: number;
    readonly until?: number;
  };
  readonly 'freeze.lifted': { readonly id: string; readonly actor: string };
  readonly delegation: {
    readonly id: string;
    readonly actor: string;
    readonly to: string;
    readonly begins: number;
    readonly ends: number;
  };
  readonly 'delegation.ended': { readonly id: string; readonly actor: string };
  /** What happened to people and their logins; see IDENTITY_EVENTS. */
  readonly identity: {
    readonly event: string;
    readonly person: string;
    readonly actor?: string;
    readonly detailDigest?: string;
  };
  readonly launch: {
    readonly id: string;
    readonly schedule: string;
    readonly runId: string;
    readonly outcome: 'starting' | 'started' | 'notStarted';
    readonly code?: string;
  };
  /** Something that happened behind our back, or is missing, as the audit found it. */
  readonly audit: {
    readonly run: string;
    readonly found: AuditFound;
    /** Where, by ids and names of ours. */
    readonly detail?: string;
    readonly historyDigest?: string;
  };
  readonly note: {
    readonly run: string;
    readonly id: string;
    readonly actor: string;
    readonly textDigest: string;
    readonly attachments?: readonly string[];
  };
  /** A finding was raised, or something about it has changed. Of a run, the entry names it. */
  readonly finding: {
    readonly id: string;
    /** Counts what has happened to it, from 0: that it was raised. */
    readonly number: number;
    readonly what: FindingChange['what'];
    /** Absent: a run has raised it by itself. */
    readonly actor?: string;
    readonly state: 'open' | 'repaired' | 'closed';
    /** Of the canonical JSON of the finding as it then was, without its history. */
    readonly textDigest: string;
  };
  /** Somebody has read a report and signed what they make of it. Of a run, the entry names it. */
  readonly review: {
    readonly id: string;
    readonly actor: string;
    readonly decision: ReviewDecision;
    readonly reportDigest: string;
    readonly jwsDigest: string;
    /** Of the report of a period. */
    readonly from?: number;
    readonly to?: number;
  };
  /** A secret was shown to somebody. Of a run, the entry names it. */
  readonly 'secret.revealed': {
    readonly id: string;
    readonly actor: string;
    /** 1 is the first. */
    readonly time: number;
  };
  /** Somebody asked for a secret and did not get it. */
  readonly 'secret.refused': { readonly id: string; readonly actor: string; readonly why: RevealRefusal };
  /** A secret is kept no longer; its record is. */
  readonly 'secret.purged': { readonly id: string; readonly fingerprint: string; readonly why: PurgeReason };
  readonly export: { readonly run: string; readonly actor: string; readonly bundleDigest: string };
  /** Another key signs from here on. Both have signed that, so that neither alone could say it. */
  readonly 'ledger.key': {
    readonly actor: string;
    /** The name of the ledger. */
    readonly origin: string;
    /** Verifier keys: `name+hash+base64`. */
    readonly oldKey: string;
    readonly newKey: string;
    /** Until then checkpoints carry signatures of both, in milliseconds since 1970. */
    readonly bothUntil: number;
    /** Two lines as under a signed note. */
    readonly signatures: string;
  };
  /**
   * While the store was away, a worker wrote these entries into a file, and acted on it; they stand behind this one. Freezes could
   * not be read meanwhile.
   */
  readonly writeAhead: {
    readonly run: string;
    /** SHA-256 of the file. */
    readonly file: string;
    readonly from: number;
    readonly to: number;
    /** The keys of the entries. */
    readonly keys: readonly string[];
  };
  /** Texts of entries and documents that belong to them were removed; the hashes stay. */
  readonly pruning: {
    readonly id: string;
    readonly actor: string;
    /** Of the rules by which it was done. */
    readonly policyDigest: string;
    /** How many entries. */
    readonly count: number;
    /** SHA-256 of their leaf hashes, one after the other. */
    readonly leavesDigest: string;
    /** Of the signed statement that names them. */
    readonly statementDigest: string;
  };
  /** Nothing of a run is removed until this is lifted. */
  readonly 'hold.set': {
    readonly run: string;
    readonly id: string;
    readonly actor: string;
    readonly reasonDigest: string;
  };
  readonly 'hold.lifted': { readonly run: string; readonly id: string; readonly actor: string };
  /** The configuration that a stack started with. */
  readonly configuration: { readonly digest: string; readonly version: string };
}

export type LedgerKind = keyof LedgerEntryKinds;

/** One thing that happened. */
export type LedgerEntry = {
  [Kind in LedgerKind]: EntryHead & { readonly kind: Kind } & LedgerEntryKinds[Kind];
}[LedgerKind];
