import type { JsonObject } from '../model/json.ts';
import type { Freeze } from '../model/freeze.ts';
import type { Mode, Purpose } from '../model/runbook.ts';
import type { Outcome } from '../model/run.ts';
import type { RefusedVote } from '../model/vote.ts';
import type { NewFinding } from './finding-contracts.ts';

/** A vote on its way to its run. Times are milliseconds since 1970. */
export interface KeptVote {
  readonly id: string;
  /** The first execution id of its run. */
  readonly run: string;
  /** The workflow id. */
  readonly runId: string;
  readonly gate: string;
  readonly nonce: string;
  readonly person: string;
  readonly decision: string;
  /** The signed vote. */
  readonly jws: string;
  /** The ID token of the identity provider that goes with it. */
  readonly proof?: string;
  readonly castAt: number;
  readonly expiresAt: number;
}

/** Votes, each kept before it is sent: one that is committed reaches its run, also when Temporal is down now. */
export interface VoteStore {
  /** Every vote that was cast in a run, oldest first. */
  ofRun(run: string): Promise<readonly KeptVote[]>;
  /** Keeps a vote, durably when it returns. The same again is fine. @throws StoreError `store.conflict` for another one of its id */
  keep(vote: KeptVote): Promise<void>;
  find(id: string): Promise<KeptVote | undefined>;
  /** Those that Temporal has not taken and that are still good, oldest first. */
  waiting(now: number, limit: number): Promise<readonly KeptVote[]>;
  /** Temporal has it. */
  taken(id: string): Promise<void>;
  /** It can never be taken: its run is over, or gone. */
  giveUp(id: string, why: string): Promise<void>;
}

/** A gate as it was opened. */
export interface KeptGate {
  readonly nonce: string;
  readonly run: string;
  readonly runId: string;
  readonly path: string;
  readonly kind: 'approval' | 'decision' | 'manual';
  readonly title: string;
  readonly digest: string;
  /** What people are asked: rules, offers, what is covered. */
  readonly asked: JsonObject;
  readonly openedAt: number;
  readonly dueAt?: number;
}

/** Which gates there are, over all runs. */
export interface GateStore {
  /** Notes a gate; the same again is fine. An earlier opening of the same gate is closed by it. */
  open(gate: KeptGate): Promise<void>;
  close(nonce: string, by: string): Promise<void>;
  /** The gates of a run that is over. */
  closeAll(run: string): Promise<void>;
  /** Oldest first. */
  listOpen(): Promise<readonly KeptGate[]>;
  /** Every opening of every gate of a run, oldest first. */
  ofRun(run: string): Promise<readonly KeptGate[]>;
  /** One opening, also of a gate that has closed. */
  find(nonce: string): Promise<KeptGate | undefined>;
}

/** Answers that did not count, each with its reason; none is ever changed. */
export interface RefusalStore {
  /**
   * `from` is the number of the first of them among all of the run: those that are there already stay as they are.
   */
  add(run: string, from: number, refused: readonly RefusedVote[]): Promise<void>;
  /** Newest first. */
  of(run: string, limit: number): Promise<readonly RefusedVote[]>;
  count(run: string): Promise<number>;
}

/** A run as it is remembered after Temporal has forgotten it. */
export interface KeptRun {
  readonly runId: string;
  readonly firstExecutionId?: string;
  readonly runbook: string;
  readonly digest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly starter: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** `terminated`: somebody ended it behind our back. */
  readonly outcome?: Outcome | 'terminated';
  readonly achievedRtoMs?: number;
  /** Names the report as it was right after the run, among the contents. */
  readonly reportDigest?: string;
  /** What reports of periods say of it; absent: not made yet. */
  readonly summary?: JsonObject;
}

/** What is kept of a run once it is over. */
export interface RunSum {
  readonly summary: JsonObject;
  /** Absent: nobody could tell any more. */
  readonly reportDigest?: string;
  readonly findings: readonly NewFinding[];
}

/** A runbook that was run, or was to be. */
export interface NamedRunbook {
  readonly runbook: string;
  readonly digest: string;
}

export interface RunStore {
  /** Notes a run before it is started; again with its first execution id, once there is one. */
  begin(run: KeptRun): Promise<void>;
  end(
    runId: string,
    end: Required<Pick<KeptRun, 'endedAt' | 'outcome'>> & Pick<KeptRun, 'firstExecutionId' | 'achievedRtoMs'>,
  ): Promise<void>;
  /** Those of which no end is known, oldest first. */
  open(): Promise<readonly KeptRun[]>;
  /** Newest first. */
  list(limit: number): Promise<readonly KeptRun[]>;
  find(runId: string): Promise<KeptRun | undefined>;
  /** By its first execution id. */
  findExecution(firstExecutionId: string): Promise<KeptRun | undefined>;
  /** The last run of a runbook that has ended, in this mode; or the last one that began before this run. */
  lastEnded(
    runbook: string,
    mode: Mode,
    before?: Pick<KeptRun, 'runId' | 'startedAt'>,
  ): Promise<KeptRun | undefined>;
  /** Those that have ended and that are to be summed up now, the oldest first. */
  toSumUp(now: number, limit: number): Promise<readonly KeptRun[]>;
  /** Keeps what a run came to, with the findings that it has raised. */
  sumUp(runId: string, sum: RunSum): Promise<void>;
  /** It could not be summed up now; it is tried again, later and later. */
  sumUpLater(runId: string, now: number): Promise<void>;
  /** Those that were started in a period (milliseconds since 1970, `to` is not in it any more), oldest first. */
  between(from: number, to: number): Promise<readonly KeptRun[]>;
  /** Of each runbook the newest drill that was started before then and ended well. */
  lastGoodDrills(before: number): Promise<readonly KeptRun[]>;
  /** Each runbook that was started, by a person or by a schedule, as it was started last. */
  runbooks(): Promise<readonly NamedRunbook[]>;
}

/** The kill switch; see Freeze. */
export interface FreezeStore {
  /** In force for everything that asks after it returns, and for every command that has not begun to be sent. */
  set(freeze: Freeze): Promise<void>;
  /** Ends it. @returns whether it was there */
  lift(id: string, by: string): Promise<boolean>;
  /** Those that nobody lifted and whose end has not passed, also those that begin later. */
  pending(now: number): Promise<readonly Freeze[]>;
}

/** That somebody lets another answer in their place. Times are milliseconds since 1970. */
export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
  readonly begins: number;
  readonly ends: number;
}

export interface DelegationStore {
  add(delegation: Delegation): Promise<void>;
  /** @returns whether it was there */
  end(id: string, by: string): Promise<boolean>;
  /** Whether somebody stands for another at a time, and nobody has ended it since. */
  holds(asked: { readonly from: string; readonly to: string; readonly at: number }): Promise<boolean>;
  /** Those that go on, or begin later. */
  pending(now: number): Promise<readonly Delegation[]>;
}
