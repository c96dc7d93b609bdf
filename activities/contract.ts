import type { JsonObject } from '../src/model/json.ts';
import type { ApprovalPolicy } from '../src/model/approval.ts';
import type { Offer } from '../src/model/offers.ts';
import type { CommandDone, Phase, RunIdentity, WindowFound } from '../src/model/run.ts';
import type { Launched, LaunchInput } from '../src/model/launch.ts';
import type { CompiledRunbook, FieldSpec, Mode, Window } from '../src/model/runbook.ts';
import type { RunNote } from '../src/model/run-note.ts';
import type { StepFailure } from '../src/model/failure.ts';
import type { Cover, CoveredStep, RefusedVote, Verified } from '../src/model/vote.ts';

/** What every action is told, whatever it does. */
export interface ActionInput {
  readonly run: RunIdentity;
  readonly path: string;
  readonly phase: Phase;
  readonly attempt: number;
  readonly action: string;
  readonly connection?: string;
  /** `with`, rendered; the action's schema reads it before anything happens. */
  readonly with: JsonObject;
}

/** A read that is repeated inside one activity until it succeeds and `if` holds. Times are milliseconds. */
export interface PollInput extends ActionInput {
  readonly until?: {
    readonly everyMs: number;
    /** Wall time since 1970 after which the last failure is the answer. */
    readonly endsAt: number;
    readonly if?: string;
    readonly scope: JsonObject;
  };
  /** The command whose effect is watched; absent when the runbook watches by itself. */
  readonly command?: CommandDone;
}

/** A command: what it does, and the approvals that may cover it. */
export interface CommandInput extends ActionInput {
  readonly covers: readonly Cover[];
  /** How often a worker was lost with it before, at this attempt. Absent: nobody has counted. */
  readonly lost?: number;
  /** What led to it, to be entered in the ledger before it is begun. */
  readonly notes?: readonly RunNote[];
}

/** What a read or watch answers. `digest` names where an output over 2 KB is also kept. */
export interface ActionResult {
  readonly output: JsonObject;
  readonly outcome?: 'succeeded' | 'warned';
  readonly note?: string;
  readonly digest?: string;
  /** Of a read: how long the worker took for it. */
  readonly ms?: number;
}

/** What became of a command whose worker was lost. */
export type Resolved = CommandDone | { readonly how: 'notDone' };

export interface OpenGateInput {
  readonly run: RunIdentity;
  readonly path: string;
  /** For an approval: the steps that a yes allows, rendered. */
  readonly covers: readonly {
    readonly path: string;
    readonly action: string;
    readonly with: JsonObject;
    readonly connection?: string;
  }[];
  /** For a decision: the failure it is about, and the attempt that failed. */
  readonly failure?: StepFailure;
  readonly attempt: number;
  /** What people are asked; absent in inputs from before it was kept. */
  readonly asked?: AskedOfPeople;
}

/** What people are asked at a gate, as it is kept for whoever lists gates and shows their cards. */
export interface AskedOfPeople {
  readonly kind: 'approval' | 'decision' | 'manual';
  readonly title: string;
  readonly policy: ApprovalPolicy;
  readonly offers: readonly Offer[];
  readonly instructions?: string;
  readonly fields?: { readonly [name: string]: FieldSpec };
  /** The action of the step. */
  readonly uses?: string;
  /** Milliseconds since 1970. */
  readonly dueAt?: number;
}

export interface OpenedGate {
  readonly nonce: string;
  readonly digest: string;
  readonly covered: readonly CoveredStep[];
}

/** What an approval covers, looked at again when its rules are met. */
export interface RecheckGateInput extends Pick<OpenGateInput, 'run' | 'path' | 'attempt' | 'asked'> {
  /** The steps that a yes allows, rendered now. */
  readonly covers: OpenGateInput['covers'];
  /** As the gate was opened. */
  readonly digest: string;
  readonly covered: readonly CoveredStep[];
  /** The signed votes that met the rules. */
  readonly votes: readonly string[];
}

/**
 * Whether people said yes to what it is now; when not, what the gate is about from now on, and what has changed. `votes` are
 * those that were asked about, in that order, with the people in them as they are now.
 */
export type RecheckedGate =
  | { readonly same: true; readonly votes: readonly Verified[] }
  | { readonly same: false; readonly opened: OpenedGate; readonly changed: readonly string[] };

/**
 * What people are told of a gate.
 * - `opened`: it waits for them.
 * - `reminder`: most of its time is over.
 * - `escalated`: nobody has answered so far, and `to` is told as well.
 * - `voided`: the votes do not count any more, for `reasons`.
 * - `breakGlass`: one person has approved it alone, for `reasons`; everybody is told.
 * - `closed`: nobody needs to answer any more; `reasons` has what is to be known of the answers.
 */
export type GateEvent = 'opened' | 'reminder' | 'escalated' | 'voided' | 'breakGlass' | 'closed';

export interface TellGateInput {
  readonly run: RunIdentity;
  readonly path: string;
  readonly nonce: string;
  readonly event: GateEvent;
  /** A role that is told beside those who may answer. */
  readonly to?: string;
  readonly reasons?: readonly string[];
  /** Of one that has closed: how. */
  readonly by?: string;
}

/** A plan that people are asked about. */
export interface NoticeInput extends Pick<ActionInput, 'run' | 'path' | 'connection' | 'with'> {
  /** Where it stood when the step failed: `position`, `startTime` and `finishTime`. */
  readonly since: JsonObject;
}

/** It has moved, and is there now. */
export interface Noticed {
  readonly stateName: string;
}

/** A launch, and the time of the schedule that it is for. Times are milliseconds since 1970. */
export interface LaunchActivityInput extends LaunchInput {
  /** The workflow id of the launch. */
  readonly id: string;
  readonly scheduledAt: number;
}

/** A schedule that started nothing. */
export interface TellLaunchInput {
  readonly id: string;
  readonly runbook: string;
  readonly mode: Mode;
  readonly launched: Launched;
}

/** The activities that the engine itself needs, by their names on the queue. */
export interface EngineActivities {
  /** The compiled runbook of a digest. */
  'muster.loadRunbook'(input: { readonly digest: string }): Promise<CompiledRunbook>;
  /** Outputs that a snapshot names by digest. */
  'muster.loadOutputs'(input: { readonly digests: readonly string[] }): Promise<readonly JsonObject[]>;
  /** Keeps a document of the run's own, and answers the digest that it is loaded by. */
  'muster.keep'(input: { readonly document: JsonObject }): Promise<string>;
  /** The first window in which a step could begin after a time (milliseconds since 1970). */
  'muster.nextWindow'(input: { readonly window: Window; readonly after: number }): Promise<WindowFound>;
  'muster.openGate'(input: OpenGateInput): Promise<OpenedGate>;
  /** Whether what an approval covers is still what people said yes to. */
  'muster.recheckGate'(input: RecheckGateInput): Promise<RecheckedGate>;
  /** Tells people about a gate. */
  'muster.tellGate'(input: TellGateInput): Promise<void>;
  /** Starts the run that a schedule is for, or keeps why not. */
  'muster.launch'(input: LaunchActivityInput): Promise<Launched>;
  /** Tells people that a schedule started nothing. */
  'muster.tellLaunch'(input: TellLaunchInput): Promise<void>;
  /** Who says what, in the order given: signatures, people and roles are checked here, rules in the workflow. */
  'muster.verifyVotes'(input: {
    readonly votes: readonly string[];
    readonly runbook: string;
  }): Promise<readonly Verified[]>;
  /** Writes down answers that did not count; `from` is the number of the first of them, so that none is written twice. */
  'muster.noteRefusals'(input: {
    readonly run: string;
    readonly from: number;
    readonly refused: readonly RefusedVote[];
  }): Promise<void>;
  /** Enters what a run tells of itself in the ledger. */
  'muster.record'(input: { readonly run: RunIdentity; readonly notes: readonly RunNote[] }): Promise<void>;
  /** Finds out what became of a command whose worker was lost. */
  'muster.resolveCommand'(input: CommandInput): Promise<Resolved>;
  /** Ends when a plan moves that people are asked about. */
  'muster.noticeMovement'(input: NoticeInput): Promise<Noticed>;
  /** Fails unless all that a drill touched is as it was. */
  'muster.checkRestored'(input: ActionInput): Promise<ActionResult>;
}
