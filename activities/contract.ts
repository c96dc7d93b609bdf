import type { JsonObject } from '../src/model/json.ts';
import type { CommandDone, Phase, RunIdentity, WindowFound } from '../src/model/run.ts';
import type { CompiledRunbook, Window } from '../src/model/runbook.ts';
import type { StepFailure } from '../src/model/failure.ts';
import type { Cover, CoveredStep, Verified } from '../src/model/vote.ts';

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
}

export interface OpenedGate {
  readonly nonce: string;
  readonly digest: string;
  readonly covered: readonly CoveredStep[];
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
  /** Who says what, in the order given: signatures, people and roles are checked here, rules in the workflow. */
  'muster.verifyVotes'(input: { readonly votes: readonly string[] }): Promise<readonly Verified[]>;
  /** Finds out what became of a command whose worker was lost. */
  'muster.resolveCommand'(input: CommandInput): Promise<Resolved>;
  /** Ends when a plan moves that people are asked about. */
  'muster.noticeMovement'(input: NoticeInput): Promise<Noticed>;
  /** Fails unless all that a drill touched is as it was. */
  'muster.checkRestored'(input: ActionInput): Promise<ActionResult>;
}
