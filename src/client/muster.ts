import type { Diagnostic } from '../language/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Freeze, FreezeScope } from '../model/freeze.ts';
import type { JsonObject } from '../model/json.ts';
import type { Outcome, RunResult, StepRecord, Timeline } from '../model/run.ts';
import type { Mode, Purpose } from '../model/runbook.ts';
import type { Delegation, Hold, KeptCheckpoint, LedgerRow } from '../store/index.ts';
import type { KeyRotation } from './ledger-desk.ts';
import type { AuditView } from './audit-desk.ts';
import type { Emergency } from './emergency-requests.ts';
import type { FindingDesk, NoteDesk, Reports } from './finding-requests.ts';
import type { PeopleDesk } from './people.ts';
import type { Card } from './card.ts';
import type { Pruned } from './retention-desk.ts';
import type { Schedules } from './schedule-requests.ts';
import type { SecretDesk } from './secrets.ts';
import type { TokenDesk } from './tokens.ts';
import type { ContinueOption, Decision, RefusedVote, Verdict } from '../model/vote.ts';

/**
 * Everything a person can do with runs, as one interface: it acts for one actor, and does what that actor may. The commands
 * are written against it; whether it works in this process or over HTTP is decided where it is made.
 *
 * Every operation throws IdentityError `identity.notAllowed` when the actor may not.
 */
export interface Muster extends Emergency, Reports {
  /** Who acts. */
  whoami(): Promise<Actor>;
  /** Compiles a runbook and checks whether it could be started like this. Never throws for a bad runbook. */
  validate(request: ValidateRequest): Promise<Validation>;
  /**
   * Starts a run and returns as soon as the server has it.
   * @throws MusterError `run.refused` with diagnostics, `run.frozen`
   */
  start(request: StartRequest): Promise<StartedRun>;
  /**
   * Starts a new run that goes on where an ended one broke off: it takes over the results before a step, and does that step
   * and everything after it anew. Approvals of what is still to be done are asked for again.
   * @throws MusterError `run.notFound`, `run.refused`, `run.frozen`
   */
  rerun(request: RerunRequest): Promise<StartedRun>;
  /** The newest runs, newest first. */
  list(request?: { readonly limit?: number }): Promise<readonly RunSummary[]>;
  /** A run as it stands, all its steps, with the live progress of what runs now. @throws `run.notFound` */
  show(runId: string): Promise<RunView>;
  /**
   * Answers a gate and waits until the answer is counted or refused. It is kept before it is sent: one that could not be
   * delivered now reaches its run when Temporal and a worker are back.
   * @throws MusterError `vote.refused` with the refusal and its reason, `vote.unanswered`, `run.notFound`, `run.ended`,
   * `gate.notOpen`
   */
  vote(request: VoteRequest): Promise<Verdict>;
  /**
   * Asks a run to stop; cleanup and always still run. Returns when the run has taken it.
   * @throws MusterError as `vote` does
   */
  cancel(request: CancelRequest): Promise<void>;
  /**
   * Stops a run before a step that has not begun, or lets it go on. Returns when the run has taken it.
   * @throws MusterError as `vote` does
   */
  pause(request: PauseRequest): Promise<void>;
  resume(request: PauseRequest): Promise<void>;
  /**
   * What somebody has to know before they answer a gate.
   * @throws MusterError `run.notFound`, `run.ended`, `gate.notOpen`
   */
  card(request: { readonly runId: string; readonly gate: string }): Promise<Card>;
  /** The gates of all runs that wait for people, oldest first. */
  inbox(): Promise<readonly InboxGate[]>;
  /** What is frozen now, or will be. */
  freezes(): Promise<readonly Freeze[]>;
  /**
   * Stops everything in a scope, or from a time on. When it returns, no step begins any more.
   */
  freeze(request: FreezeRequest): Promise<Frozen>;
  /** Ends one freeze, or all that are in force, and lets runs go on. @throws MusterError `freeze.notFound` */
  unfreeze(request: { readonly id?: string }): Promise<readonly Freeze[]>;
  /** Answers to gates of a run that did not count, newest first, and how many there were. */
  refusals(runId: string): Promise<KeptRefusals>;
  /**
   * The evidence of a run that has ended, as a zip: `muster evidence verify` and standard tools check it offline.
   * @throws MusterError `run.notFound`, `evidence.runOpen`, `evidence.notRecorded`
   */
  evidence(runId: string): Promise<Uint8Array>;
  /** What was found where Temporal and the ledger were compared, the latest first; of one run also when nobody has looked yet. */
  audits(request?: { readonly runId?: string }): Promise<readonly AuditView[]>;
  /** Compares a run with what Temporal has of it, now. @throws MusterError `run.notFound` */
  audit(request: { readonly runId: string }): Promise<AuditView>;
  /**
   * Removes what is older than the configuration keeps, or only says what would go.
   * @throws MusterError `ledger.pruneAgain`
   */
  prune(request: { readonly dryRun: boolean }): Promise<Pruned>;
  /** Keeps a run whatever its age. @throws MusterError `run.notFound`, `ledger.held` */
  hold(request: { readonly runId: string; readonly reason: string }): Promise<Hold>;
  /** @throws MusterError `run.notFound`, `ledger.notHeld` */
  unhold(request: { readonly runId: string }): Promise<void>;
  holds(): Promise<readonly Hold[]>;
  /** How the ledger stands. */
  ledger(): Promise<LedgerStatus>;
  /** Entries of the ledger from a position on, in order; at most 2,000 at a time. */
  ledgerEntries(request: { readonly from: number; readonly limit?: number }): Promise<readonly LedgerRow[]>;
  /** The signed statements of what was removed from it. */
  ledgerPrunings(): Promise<readonly string[]>;
  /** Its checkpoints of more than so many entries, the smallest first; at most 2,000 at a time. */
  ledgerCheckpoints(request: {
    readonly after: number;
    readonly limit?: number;
  }): Promise<readonly KeptCheckpoint[]>;
  /**
   * Gives the ledger another key; for so long the old one signs as well.
   * @throws MusterError `ledger.badOverlap`
   */
  rotateLedgerKey(request: { readonly bothMs: number }): Promise<KeyRotation>;
  /** Who answers in whose place: those that concern oneself, or for those who may see people, all. */
  delegations(): Promise<readonly Delegation[]>;
  /**
   * Lets somebody answer gates in the actor's place, with no more than the actor may.
   * @throws IdentityError `identity.badRequest`, `identity.unknownPerson`
   */
  delegate(request: DelegateRequest): Promise<Delegation>;
  /** Ends a delegation at once: that one made, or was given; an admin ends any. @throws IdentityError `identity.badRequest` */
  undelegate(request: { readonly id: string }): Promise<Delegation>;
  /** What people write down about runs. */
  readonly notes: NoteDesk;
  /** What was found, and its repair. */
  readonly findings: FindingDesk;
  readonly people: PeopleDesk;
  readonly tokens: TokenDesk;
  readonly secrets: SecretDesk;
  /** When runbooks are started by themselves. */
  readonly schedules: Schedules;
  /** Waits for the end of a run. Aborting only ends the waiting. @throws MusterError `run.notFound`, `run.broken` */
  result(runId: string, options?: { readonly signal?: AbortSignal }): Promise<RunResult>;
  close(): Promise<void>;
}

/** The text of a runbook, and of those that it runs. */
export interface RunbookText {
  readonly file: string;
  readonly text: string;
  /** The texts of the runbooks that it runs, and that those run, by their names. */
  readonly library?: Readonly<Record<string, string>>;
}

export interface ValidateRequest extends RunbookText {
  /** With a mode, what only a start can check is checked as well. */
  readonly mode?: Mode;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface Validation {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly name?: string;
  readonly title?: string;
  readonly digest?: string;
  readonly steps?: number;
}

export interface StartRequest extends RunbookText {
  readonly mode: Mode;
  readonly purpose: Purpose;
  /** From the command line: texts; typed by the runbook. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** When the loss was, of which the clocks are counted; absent: they begin with the run. Milliseconds since 1970. */
  readonly declaredAt?: number;
  /** For tests; see RunInput. */
  readonly continueAfter?: number;
}

export interface RerunRequest {
  readonly runId: string;
  /** The path of the first step that is done anew. */
  readonly from: string;
}

export interface StartedRun {
  readonly runId: string;
  readonly digest: string;
}

export interface RunSummary {
  readonly runId: string;
  readonly runbook: string;
  readonly mode: string;
  /** `running`, `waiting`, an outcome, or `terminated` when somebody ended it behind our back. */
  readonly state: string;
  /** The gate it waits at. */
  readonly waiting?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** What a state can be beside `running` and `waiting`: the run is over and changes no more. */
export function isOver({ state }: Pick<RunSummary, 'state'>): boolean {
  return state !== 'running' && state !== 'waiting';
}

/** A run as it stands. Progress is what running steps said in their last heartbeat, by path. */
export interface RunView {
  /** As in {@link RunSummary}: a run that was ended from outside has no outcome, but it has a state. */
  readonly state: string;
  readonly timeline: Timeline;
  readonly steps: readonly StepRecord[];
  readonly progress: Readonly<Record<string, StepProgress>>;
  /** Present once the run is over; the timeline may know it earlier, while `always` still runs. */
  readonly outcome?: Outcome;
}

/** Live progress of a running step. */
export interface StepProgress {
  /** A short sentence: `Failover 45 %, group 2 of 3`. */
  readonly says: string;
  readonly percent?: number;
  readonly facts?: JsonObject;
}

export interface VoteRequest {
  readonly runId: string;
  /** The path of the step that waits. */
  readonly gate: string;
  readonly decision: Decision;
  readonly option?: ContinueOption;
  /** Of a manual step: which of its answers. */
  readonly answer?: string;
  /** What is filled in: fields of a manual step, corrected inputs of a retry, outputs of what was done by hand. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly comment?: string;
  /** The `nonce` of the card that it was given to: what has been opened anew since is another question. */
  readonly seen?: string;
  /** In whose place, where somebody has delegated to the actor. */
  readonly for?: string;
}

export interface PauseRequest {
  readonly runId: string;
  /** The path of the step; absent means whatever would begin next, and of `resume` everything that is paused. */
  readonly step?: string;
  readonly reason?: string;
}

export interface CancelRequest {
  readonly runId: string;
  readonly reason?: string;
}

/** A gate that waits, as a list shows it. Times are milliseconds since 1970. */
export interface InboxGate {
  readonly runId: string;
  readonly runbook: string;
  readonly gate: string;
  readonly kind: 'approval' | 'decision' | 'manual';
  readonly title: string;
  readonly openedAt: number;
  readonly dueAt?: number;
  /** Whether a rule of it could take an answer of the actor. */
  readonly isMine: boolean;
}

export interface FreezeRequest {
  readonly reason: string;
  readonly scope?: FreezeScope;
  /** When it begins; default now. Milliseconds since 1970. */
  readonly from?: number;
  /** When it ends by itself; default never. */
  readonly until?: number;
}

export type ReportFormat = 'html' | 'pdf' | 'json';

/** The ledger as it stands. */
export interface LedgerStatus {
  readonly origin: string;
  /** What checks its signatures: `name+hash+base64`. Whoever verifies has to get it another way than with a bundle. */
  readonly key: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** The newest one: a C2SP signed note. */
  readonly checkpoint?: { readonly size: number; readonly note: string; readonly signedAt: number };
  readonly witnesses: readonly { readonly place: string; readonly keys: readonly string[] }[];
}

/** A freeze that was set. */
export interface Frozen {
  readonly freeze: Freeze;
  /** What was under way and is not stopped by it: watches, and commands that were being sent. */
  readonly goesOn: readonly {
    readonly runId: string;
    readonly path: string;
    readonly says: string;
  }[];
}

/** That somebody is to answer in the actor's place. */
export interface DelegateRequest {
  readonly to: string;
  /** When it ends by itself, at most 30 days from now. Milliseconds since 1970. */
  readonly until: number;
  readonly reason: string;
}

/** Answers that did not count. */
export interface KeptRefusals {
  readonly total: number;
  readonly latest: readonly RefusedVote[];
}
