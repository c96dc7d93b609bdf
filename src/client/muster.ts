import type { Diagnostic } from '../language/index.ts';
import type { JsonObject } from '../model/json.ts';
import type { Outcome, RunResult, StepRecord, Timeline } from '../model/run.ts';
import type { Mode, Purpose } from '../model/runbook.ts';
import type { ContinueOption, Decision, Verdict } from '../model/vote.ts';

/**
 * Everything a person can do with runs, as one interface. The commands are written against it; whether it works in
 * this process or over HTTP is decided where it is made.
 */
export interface Muster {
  /** Compiles a runbook and checks whether it could be started like this. Never throws for a bad runbook. */
  validate(request: ValidateRequest): Promise<Validation>;
  /** Starts a run and returns as soon as the server has it. @throws MusterError `run.refused` with diagnostics */
  start(request: StartRequest): Promise<StartedRun>;
  /**
   * Starts a new run that goes on where an ended one broke off: it takes over the results before a step, and does that step
   * and everything after it anew. Approvals of what is still to be done are asked for again.
   * @throws MusterError `run.notFound`, `run.refused`, `person.unknown`
   */
  rerun(request: RerunRequest): Promise<StartedRun>;
  /** The newest runs, newest first. */
  list(request?: { readonly limit?: number }): Promise<readonly RunSummary[]>;
  /** A run as it stands, all its steps, with the live progress of what runs now. @throws `run.notFound` */
  show(runId: string): Promise<RunView>;
  /**
   * Answers a gate in the name of a person and waits until the answer is counted or refused.
   * @throws MusterError `vote.refused` with the refusal and its reason, `vote.unanswered`, `run.notFound`, `run.ended`,
   * `gate.notOpen`, `person.unknown`
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
  readonly person: string;
  /** For tests; see RunInput. */
  readonly continueAfter?: number;
}

export interface RerunRequest {
  readonly runId: string;
  /** The path of the first step that is done anew. */
  readonly from: string;
  readonly person: string;
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
  readonly person: string;
}

export interface PauseRequest {
  readonly runId: string;
  /** The path of the step; absent means whatever would begin next, and of `resume` everything that is paused. */
  readonly step?: string;
  readonly person: string;
  readonly reason?: string;
}

export interface CancelRequest {
  readonly runId: string;
  readonly person: string;
  readonly reason?: string;
}
