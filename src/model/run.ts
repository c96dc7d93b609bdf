import type { FailureCode, StepFailure } from './failure.ts';
import type { JsonObject } from './json.ts';
import type { Offer } from './offers.ts';
import type { ApprovalPolicy } from './approval.ts';
import type { LoopItem } from './loop.ts';
import type { FieldSpec, Mode, Objectives, Purpose, StepKind } from './runbook.ts';
import type {
  ContinueOption,
  Cover,
  CoveredStep,
  Decision,
  RefusedVote,
  VerifiedVote,
  Verdict,
} from './vote.ts';

/** How a step or a run ended. */
export type Outcome = 'succeeded' | 'warned' | 'failed' | 'skipped' | 'cancelled' | 'rejected';

/** What a run is started with. It carries digests and names, never documents or secrets. */
export interface RunInput {
  readonly runbook: string;
  /** SHA-256 of the compiled runbook's canonical JSON, the key it is kept under. */
  readonly runbookDigest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly inputs: JsonObject;
  readonly starter: string;
  /** Who wrote the runbook, as far as it is known. */
  readonly authors?: readonly string[];
  /** When the loss was, as somebody said at the start: the clocks of all applications begin there. Milliseconds since 1970. */
  readonly declaredAt?: number;
  /** How long a failed step waits for people before everything is taken back; absent: as long as it takes. Milliseconds. */
  readonly answerWithinMs?: number;
  /** Where an earlier execution of the same run stopped to continue as new. */
  readonly snapshot?: RunSnapshot;
  /** The run whose results this one takes over. */
  readonly takesOver?: TakenOver;
  /** The run that this one is a part of, and the step of it. */
  readonly parent?: { readonly runId: string; readonly path: string };
  /** For tests: continue as new after this many steps have begun or votes have arrived, not when the server says. */
  readonly continueAfter?: number;
}

/** A run that another one goes on with. */
export interface TakenOver {
  readonly runId: string;
  /** The path of the first step that is done anew. */
  readonly from: string;
  /** Of that run, and of those that it had taken over itself: what they touched is this one's to clean up. */
  readonly firstExecutionIds: readonly string[];
  /** Where that run stood; only the first execution is given it. */
  readonly snapshot?: RunSnapshot;
}

/** Who a run is, for everything that acts on its behalf. */
export interface RunIdentity {
  /** The workflow id: the name people use. */
  readonly runId: string;
  /** Names this run only, through retries and continue-as-new. */
  readonly firstExecutionId: string;
  readonly runbook: string;
  readonly runbookDigest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly starter: string;
  /** As in {@link RunInput}. */
  readonly authors?: readonly string[];
  /** First execution ids of the runs whose results it has taken over. */
  readonly tookOver?: readonly string[];
}

/** Which part of the runbook a step belongs to. */
export type Phase = 'steps' | 'rollback' | 'cleanup' | 'always';

/**
 * Where a step stands.
 * - `pending`: not begun.
 * - `running`: its action is under way, or its children are.
 * - `waiting`: people are asked; the gate says what.
 * - `ended`: it has an outcome.
 */
export type StepState = 'pending' | 'running' | 'waiting' | 'ended';

/** All that is known of one step of a run. Times are milliseconds since 1970, by workflow time. */
export interface StepRecord {
  readonly path: string;
  title: string;
  readonly kind: StepKind;
  readonly uses?: string;
  state: StepState;
  /** The runbook's own attempt, from 1; 0 before the step begins. Never Temporal's attempt. */
  attempt: number;
  outcome?: Outcome;
  startedAt?: number;
  endedAt?: number;
  output?: JsonObject;
  /** Where an output over 2 KB is kept, so that a snapshot does not carry it. */
  outputDigest?: string;
  failure?: StepFailure;
  /** Why it was skipped, or what the person said who did it by hand. */
  reason?: string;
  /** When a wait or a gate ends. */
  dueAt?: number;
  /** Of a step with `retry`: how many tries have failed, and when the next one begins while it waits for that. */
  tried?: { readonly times: number; readonly nextAt?: number };
  /** The command that is done and is now being watched. */
  command?: CommandDone;
  gate?: Gate;
  /** What people decided when it failed, oldest first. */
  decisions?: DecisionTaken[];
  /** The last of them, while it has not been carried out. */
  todo?: DecisionTaken;
  /** The window that it waits for, or has begun in. */
  window?: WindowFound;
  /** A command with a `rollback` was sent, so that it has to be taken back when the run is. */
  toTakeBack?: true;
  /** The run of its own that the step has started, the latest if it was retried. */
  child?: ChildRun;
  /** It would have begun, but the run is paused before it. */
  paused?: Pause;
  /** It would go on, but is held back by a freeze: which one, in a sentence. */
  frozen?: string;
  /** Its result is that of the run that was taken over. */
  takenOver?: true;
  /** When people were waited for, oldest first. */
  waits?: readonly Interval[];
  /** The proof that people said yes to this command by itself, not with others. */
  grant?: Cover;
  /** Who said so. */
  grantedBy?: readonly string[];
  /** One person has approved it alone. */
  deviation?: Deviation;
  /** What people gave instead of what the runbook says, by the names of the inputs. */
  corrected?: JsonObject;
}

/** Milliseconds since 1970. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The run of a `runbook` step. */
export interface ChildRun {
  readonly runId: string;
  readonly firstExecutionId?: string;
}

/** A window that a step found. Times are milliseconds since 1970. */
export interface WindowFound {
  readonly opensAt: number;
  /** After this too little of it is left. */
  readonly beginBy: number;
  /** The step has begun, in the window or because a person said so. */
  readonly entered?: boolean;
}

/** A decision on a failed step. */
export interface DecisionTaken {
  readonly decision: Decision;
  readonly option?: ContinueOption;
  /** What was filled in: corrected inputs, or outputs of what was done by hand. */
  readonly values?: JsonObject;
  readonly person: string;
  readonly comment?: string;
  readonly at: number;
  /** The attempt and the failure it was about. */
  readonly attempt: number;
  readonly failure: FailureCode;
  /** The proof for the fence, of decisions that send a command. */
  readonly cover: Cover;
}

/** A command that took effect, was found done, or was adopted. */
export interface CommandDone {
  readonly action: string;
  readonly how: 'done' | 'adopted' | 'satisfied';
  /** `connection/kind/id`. */
  readonly target: string;
  /** What the target looked like before; a watch tells by it which execution is ours. */
  readonly baseline: JsonObject;
  readonly output?: JsonObject;
  readonly outputDigest?: string;
  /** A sentence for the timeline, e.g. why nothing was sent. */
  readonly note?: string;
}

/** A point where a run waits for people. A step has at most one open. */
export interface Gate {
  readonly kind: 'approval' | 'decision' | 'manual';
  /** Random; a vote for an earlier opening of the gate does not count. */
  readonly nonce: string;
  readonly digest: string;
  readonly title: string;
  readonly openedAt: number;
  readonly policy: ApprovalPolicy;
  readonly offers: readonly Offer[];
  /** What a yes allows; empty for a decision. */
  readonly covered: readonly CoveredStep[];
  /** Of a manual step: what to do, and what to fill in. */
  readonly instructions?: string;
  readonly fields?: { readonly [name: string]: FieldSpec };
  /** Its time is over and the runbook says hold. */
  overdue?: boolean;
  /** How it was decided otherwise than by its rules. */
  deviation?: Deviation;
  /** The votes that count. */
  votes: VerifiedVote[];
  /** Those that were taken back, oldest first. */
  withdrawn?: WithdrawnVote[];
  /** Those that were given to something that has changed since, oldest first. */
  voided?: VoidedVotes[];
  /** When people are told again that it waits, in the order of time; absent where nobody is. */
  moments?: readonly GateMoment[];
  /** How many of these have passed. */
  told?: number;
  /** What it covers is looked at again when the rules are met. */
  readonly rechecks?: true;
  /** What the rules still miss, as sentences. */
  missing: readonly string[];
  closedAt?: number;
  /** How it ended: the deciding vote, or that nobody answered in time. */
  /** `noticed`: what it asked about was decided elsewhere. */
  closedBy?: 'vote' | 'timeout' | 'cancel' | 'noticed';
}

/** That one person has approved alone what the rules give to others, or to more. */
export interface Deviation {
  readonly how: 'break-glass';
  readonly by: string;
  /** Whoever did so has started the run as well. */
  readonly isStarter?: true;
  readonly reason: string;
  readonly at: number;
}

/** What is kept of an answer that does not count any more. */
export interface PastVote {
  readonly id: string;
  readonly person: string;
  readonly for?: string;
  readonly decision: VerifiedVote['decision'];
  readonly option?: ContinueOption;
  readonly comment?: string;
  readonly heardBy?: readonly string[];
  readonly deviation?: 'break-glass';
}

/** An answer that was taken back. */
export interface WithdrawnVote extends PastVote {
  /** The vote that took it back: a `withdraw`, or another answer of the same person. */
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** Answers that were given to something that has changed since. */
export interface VoidedVotes {
  readonly at: number;
  /** What has changed, as sentences. */
  readonly reasons: readonly string[];
  readonly votes: readonly PastVote[];
}

/** A time at which people are told that a gate still waits. Milliseconds since 1970. */
export interface GateMoment {
  readonly at: number;
  readonly event: 'reminder' | 'escalated';
  /** Of an escalation: the role that is told as well. */
  readonly to?: string;
}

/** A record as a snapshot carries it: of the steps of a loop without what the runbook says anyway. */
export type KeptRecord = Omit<StepRecord, 'title' | 'kind' | 'uses'> &
  Partial<Pick<StepRecord, 'title' | 'kind' | 'uses'>>;

/** The items of a loop that has begun: as they are, or the digest they are kept under. */
export type KeptLoop =
  | { readonly path: string; readonly items: readonly LoopItem[] }
  | { readonly path: string; readonly digest: string };

/** What one execution hands to the next when a run continues as new: all state, under 256 KB. */
export interface RunSnapshot {
  readonly startedAt: number;
  readonly records: readonly KeptRecord[];
  readonly loops?: readonly KeptLoop[];
  /** Digests of documents with loops that began before those, when they are too many to go with the snapshot. */
  readonly loopDocuments?: readonly string[];
  /** Digests of documents with records of loops, oldest first; a later record of a step replaces an earlier one. */
  readonly archives?: readonly string[];
  /** Digests of documents with records of steps outside of loops that have ended, when they are too many to go along. */
  readonly recordDocuments?: readonly string[];
  readonly waitingVotes: readonly string[];
  readonly verdicts: readonly Verdict[];
  readonly refused: RefusedVotes;
  readonly cancelled?: Cancellation;
  readonly pauses?: readonly Pause[];
  readonly stopped?: Outcome;
  /** What the run has come to; only what is always done is left. */
  readonly outcome?: Outcome;
  /** What the run has done is being taken back. */
  readonly rollingBack?: true;
  readonly continuations: number;
}

/** Votes that did not count: how many in all, and the latest of them. */
export interface RefusedVotes {
  readonly total: number;
  readonly latest: readonly RefusedVote[];
}

/** Who stopped the run, and why. */
export interface Cancellation {
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** A step before which the run stops until somebody says go on. */
export interface Pause {
  /** Of the step, or `*` for whatever would begin next. */
  readonly path: string;
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** What a run answers when it has ended. */
export interface RunResult {
  readonly outcome: Outcome;
  /** Start of the first command that can touch production to the end of the last check, in milliseconds. */
  readonly achievedRtoMs?: number;
  readonly steps: number;
  /** When people were waited for, of a run that a step of another one has started. */
  readonly waits?: readonly Interval[];
  /** What the runbook says that a run of it answers. */
  readonly outputs?: JsonObject;
}

/** How long an application was away, as far as it is known. Milliseconds. */
export interface Recovery {
  readonly application: string;
  readonly lostAt: number;
  readonly recoveredAt?: number;
  /** Between the two, the time in which nothing but people was waited for. */
  readonly waitedForPeopleMs: number;
}

/** What another run needs to go on with this one. */
export interface Carried {
  readonly input: Pick<RunInput, 'runbook' | 'runbookDigest' | 'mode' | 'purpose' | 'inputs' | 'declaredAt'>;
  readonly firstExecutionIds: readonly string[];
  readonly snapshot: RunSnapshot;
  readonly isOver: boolean;
}

/** Which part of the timeline a query asks for. */
export interface TimelineQuery {
  readonly from?: number;
  readonly limit?: number;
}

/** A page of a run as it stands. */
export interface Timeline {
  readonly run: RunIdentity;
  readonly title: string;
  /** The run that it goes on with, and from where. */
  readonly takenOver?: { readonly runId: string; readonly from: string };
  /** As in {@link RunInput}. */
  readonly declaredAt?: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
  readonly cancelled?: Cancellation;
  readonly pauses?: readonly Pause[];
  readonly achievedRtoMs?: number;
  /** Of the applications that steps mark. */
  readonly recoveries?: readonly Recovery[];
  readonly objectives?: Objectives;
  readonly refused: RefusedVotes;
  /** Why the ledger cannot be written, as a sentence: until it can, no command is sent. */
  readonly unrecorded?: string;
  readonly total: number;
  readonly from: number;
  readonly steps: readonly StepRecord[];
  /** How often the run has continued as new. */
  readonly continuations: number;
}
