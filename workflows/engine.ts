import {
  allHandlersFinished,
  CancellationScope,
  condition,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  ActionResult,
  CommandInput,
  EngineActivities,
  NoticeInput,
  Noticed,
  PollInput,
  ActionInput,
} from '../activities/contract.ts';
import { jsonBytes } from '../src/model/json.ts';
import type { CommandDone, Outcome, RunSnapshot, StepRecord } from '../src/model/run.ts';
import { wasNotEntered } from '../src/model/run-note.ts';
import { WHOLE_RUN, type Refusal, type RunRequest, type VerifiedVote } from '../src/model/vote.ts';
import { COMMAND, ENGINE, pollOptions, readOptions, RESOLVE, TELL } from './activity-options.ts';
import { Ballot } from './ballot.ts';
import type { EarlyVotes } from './early-votes.ts';
import { failureOf, isLost, isPassing } from './failure.ts';
import { Interruption, Stopped, Suspended } from './interruption.ts';
import { readQuickly, run } from './run-activity.ts';
import { stepQuery, timelineQuery, verdictQuery } from './messages.ts';
import { refusalsAreKept } from './patches.ts';
import type { RunState } from './run-state.ts';
import type { ScopeOf } from './scope.ts';
import { ATTRIBUTES } from './search-attributes.ts';
import type { TaskHold } from './task-hold.ts';
import { Telling } from './telling.ts';
import { Thaw } from './thaw.ts';

/** Longer than anybody is asked: a gate ends its noticing itself. */
const NOTICE_MS = 30 * 24 * 3_600_000;

/** How many votes one activity verifies, and how many characters of them: payloads end at 2 MB. */
const VOTES_PER_BATCH = 500;
const CHARACTERS_PER_BATCH = 400_000;
/** How many characters of unverified votes the next execution is handed; the others are verified before. */
const CARRIED_CHARACTERS = 64_000;
/** The server suggests continue-as-new late for floods of signals (it refuses them at 10,000): be earlier. */
const MAX_SIGNALS_PER_EXECUTION = 4_000;

type CommandActivity = (input: CommandInput) => Promise<CommandDone>;
type ReadActivity = (input: PollInput) => Promise<ActionResult>;

/**
 * What the steps of a run stand on: its state, its votes, its activities, and the two reasons to stop early
 * (a cancellation, and continuing as new).
 */
export class Engine {
  readonly state: RunState;
  readonly scope: ScopeOf;
  readonly ballot: Ballot;
  readonly hold: TaskHold;
  readonly interruption: Interruption;
  readonly thaw: Thaw;
  readonly activities = proxyActivities<EngineActivities>(ENGINE);
  readonly telling = new Telling(proxyActivities<EngineActivities>(TELL)['muster.tellGate']);
  readonly #resolving = proxyActivities<EngineActivities>(RESOLVE);
  readonly #continueAfter: number | undefined;
  readonly #queue: string[];
  #signals = 0;
  /** Runs that steps of this one have started and wait for. */
  #children = 0;
  #begun = 0;
  #verifying = false;
  #suspending = false;
  /** Every step has ended: there is nothing left to continue with. */
  #isOver = false;
  #announced = '-';
  /** The actions of reads that did not answer within a workflow task: they are not asked to again. */
  readonly #slowReads = new Set<string>();
  /** Cleanup and always are not stopped by a cancellation. */
  #sheltered = false;

  constructor({
    state,
    hold,
    scope,
    snapshot,
    early,
    continueAfter,
  }: {
    state: RunState;
    hold: TaskHold;
    scope: ScopeOf;
    snapshot: RunSnapshot | undefined;
    /** Votes that arrived before the engine was there. */
    early: EarlyVotes;
    continueAfter: number | undefined;
  }) {
    this.state = state;
    this.hold = hold;
    this.scope = scope;
    this.#continueAfter = continueAfter;
    this.ballot = new Ballot(state, snapshot?.verdicts ?? [], snapshot?.refused ?? { total: 0, latest: [] });
    this.ballot.onRequest = (request, vote) => this.#request(request, vote);
    this.interruption = new Interruption(this.hold, () => this.#reasonToStop());
    this.thaw = new Thaw(this.interruption, () => this.now());
    this.#queue = [...(snapshot?.waitingVotes ?? []), ...early.take()];
    early.handOver((jws) => this.#receive(jws));
    setHandler(timelineQuery, (query) => state.timeline(query, this.ballot.refused));
    setHandler(stepQuery, ({ path }) => state.records.get(path) ?? null);
    setHandler(verdictQuery, ({ id }) => this.ballot.verdict(id));
    this.#announced = state.waitingGate() ?? '-';
    void this.#verifyVotes();
  }

  /** Milliseconds since 1970, by workflow time. */
  now(): number {
    return Date.now();
  }

  /** Called when a step is about to begin. @throws Suspended, Stopped */
  beforeStep(isNew: boolean): void {
    if (this.#isContinueDue()) this.#suspend();
    this.interruption.check();
    if (isNew) this.#begun += 1;
  }

  /**
   * A read. While the run does nothing else, reads follow each other within the workflow task and cost one event each; one
   * that is slow, or fails for a reason that may pass, is done once more as an activity of its own, which has the time.
   */
  async read(input: ActionInput, timeoutMs: number): Promise<ActionResult> {
    const { hold, interruption } = this;
    if (!this.#slowReads.has(input.action) && hold.mayRead()) {
      try {
        const quick = await interruption.interruptibleInTask(() => hold.inTask(() => readQuickly(input)));
        hold.add({ ms: quick.ms ?? 0, bytes: jsonBytes(quick.output) });
        return quick;
      } catch (error) {
        // A failure does not say how long it took.
        hold.add({ ms: Infinity, bytes: 0 });
        if (!isPassing(error)) throw error;
        this.#slowReads.add(input.action);
      }
    }
    return interruption.interruptible(() => run<ReadActivity>(input.action, readOptions(timeoutMs), input));
  }

  /** A watch or a repeated read. */
  poll(action: string, input: PollInput, timeoutMs: number): Promise<ActionResult> {
    return this.interruption.interruptible(() => run<ReadActivity>(action, pollOptions(timeoutMs), input));
  }

  /** Watches a plan that people are asked about; `tell` hears of it when it moves. What keeps it from looking is no news. */
  notice(input: NoticeInput, tell: (noticed: Noticed) => void): { stop(): void } {
    let scope: CancellationScope | undefined;
    const looking = this.interruption.interruptible(() => {
      scope = new CancellationScope();
      return scope.run(() =>
        run<EngineActivities['muster.noticeMovement']>(
          'muster.noticeMovement',
          pollOptions(NOTICE_MS),
          input,
        ),
      );
    });
    looking.then(tell, () => undefined);
    return { stop: () => scope?.cancel() };
  }

  /**
   * Sends a command, once what led to it is in the ledger: with it, where the run does nothing else, or before it. Never
   * interrupted.
   */
  async command(input: CommandInput): Promise<CommandDone> {
    const send = (more: Pick<CommandInput, 'notes'> = {}): Promise<CommandDone> =>
      this.#uninterrupted(() => run<CommandActivity>(input.action, COMMAND, { ...input, ...more }));
    const { journal } = this.state;
    if (!journal.isKept) return send();
    if (journal.mayTravel && this.hold.isIdle()) {
      try {
        return await journal.withNotes((notes) => send({ notes }));
      } catch (error) {
        if (!isLost(error) && wasNotEntered(failureOf(error))) return this.#commandLater(input, send);
        throw error;
      }
    }
    return this.#commandLater(input, send);
  }

  /** It may take a long time: what was begun is gone on with, and nothing is begun in a run that is to stop. */
  async #commandLater({ lost }: CommandInput, send: () => Promise<CommandDone>): Promise<CommandDone> {
    await this.recorded();
    if (lost === 0) this.interruption.check();
    return send();
  }

  /** Waits until what led here is in the ledger. */
  recorded(): Promise<void> {
    const { journal } = this.state;
    return journal.isWriting ? this.hold.acrossTasks(() => journal.written()) : journal.written();
  }

  /** Looks for the effect of a command whose worker was lost. */
  async resolve(
    input: CommandInput,
  ): Promise<Awaited<ReturnType<EngineActivities['muster.resolveCommand']>>> {
    return this.#uninterrupted(() => this.#resolving['muster.resolveCommand'](input));
  }

  /** Starts a run of its own and waits for its end. Temporal would end it if this run continued as new meanwhile. */
  async withChild<T>(work: () => Promise<T>): Promise<T> {
    this.#children += 1;
    try {
      return await this.interruption.interruptible(work);
    } finally {
      this.#children -= 1;
    }
  }

  /** Stops the steps of the run; cleanup and always still run. */
  cancel(by: string, reason?: string): void {
    if (this.state.cancelled !== undefined || this.state.outcome !== undefined) return;
    this.state.cancelled = { by, at: this.now(), ...(reason === undefined ? {} : { reason }) };
    this.stop('cancelled');
  }

  /** No further step begins; the run will have this outcome. */
  stop(outcome: Outcome): void {
    this.state.stopped ??= outcome;
    this.interruption.interrupt();
  }

  /** Runs cleanup or always, which a stopped run still does. */
  async sheltered(work: () => Promise<void>): Promise<void> {
    this.#sheltered = true;
    try {
      await work();
    } finally {
      this.#sheltered = false;
    }
  }

  /** Keeps the search attribute true that says which gate waits; one event only when it changes. */
  announceWaiting(): void {
    const gate = this.state.waitingGate() ?? '-';
    if (gate === this.#announced) return;
    this.#announced = gate;
    upsertSearchAttributes([{ key: ATTRIBUTES.waiting, value: gate }]);
  }

  announceOutcome(outcome: Outcome): void {
    upsertSearchAttributes([{ key: ATTRIBUTES.outcome, value: outcome }]);
  }

  /** Waits until nothing is half done, so that a snapshot or the end loses nothing. */
  async settle(): Promise<void> {
    await condition(() => !this.#verifying && !this.#hasWork() && allHandlersFinished());
  }

  /** Verifies what is still queued; a run that ends answers every vote it has. */
  async settleVotes(): Promise<void> {
    this.#isOver = true;
    this.#suspending = false;
    await condition(() => !this.#verifying && this.#queue.length === 0 && allHandlersFinished());
  }

  /** What the next execution starts from. */
  snapshot(): RunSnapshot {
    const { state } = this;
    return {
      startedAt: state.startedAt,
      records: state.slimRecords(),
      ...(state.keptLoops.length === 0 ? {} : { loops: state.keptLoops }),
      ...(state.loopDocuments.length === 0 ? {} : { loopDocuments: state.loopDocuments }),
      ...(state.archives.length === 0 ? {} : { archives: state.archives }),
      ...(state.recordDocuments.length === 0 ? {} : { recordDocuments: state.recordDocuments }),
      waitingVotes: this.#queue,
      verdicts: this.ballot.carried(),
      refused: this.ballot.refused,
      ...(state.cancelled === undefined ? {} : { cancelled: state.cancelled }),
      ...(state.pauses.all().length === 0 ? {} : { pauses: state.pauses.all() }),
      ...(state.stopped === undefined ? {} : { stopped: state.stopped }),
      ...(state.outcome === undefined ? {} : { outcome: state.outcome }),
      ...(state.rollingBack ? { rollingBack: true as const } : {}),
      continuations: state.continuations + 1,
    };
  }

  /** Whether the run stops before a step; what puts things back is never paused. */
  isPausedBefore({ path, state }: StepRecord): boolean {
    return state === 'pending' && !this.#sheltered && this.state.pauses.isBefore(path);
  }

  /** Waits while the run is paused before a step. @throws Suspended, Stopped */
  async whilePaused(record: StepRecord): Promise<void> {
    const { path } = record;
    const { pauses } = this.state;
    record.paused = pauses.before(path);
    try {
      await this.interruption.interruptible(() => condition(() => !pauses.isBefore(path)));
    } finally {
      delete record.paused;
    }
  }

  /** What somebody asks of the run as a whole. Answers why it cannot be done. */
  #request(request: RunRequest, { gate: path, person, comment }: VerifiedVote): Refusal | undefined {
    switch (request) {
      case 'cancel':
        if (this.state.outcome !== undefined) return 'tooLate';
        this.cancel(person, comment);
        return undefined;
      case 'pause': {
        const isAhead = path === WHOLE_RUN || this.state.records.get(path)?.state === 'pending';
        if (!isAhead || this.state.outcome !== undefined) return 'notPending';
        this.state.pauses.add({
          path,
          by: person,
          at: this.now(),
          ...(comment !== undefined && { reason: comment }),
        });
        return undefined;
      }
      case 'resume':
        return this.state.pauses.end(path) ? undefined : 'notPaused';
    }
  }

  #receive(jws: string): void {
    this.#signals += 1;
    this.#queue.push(jws);
  }

  /** The one place where votes are verified, in the order they came. */
  async #verifyVotes(): Promise<void> {
    for (;;) {
      await condition(() => this.#hasWork());
      this.#verifying = true;
      const batch = this.#nextBatch();
      const verified = await this.#uninterrupted(() =>
        this.activities['muster.verifyVotes']({ votes: batch, runbook: this.state.identity.runbook }),
      );
      this.#queue.splice(0, batch.length);
      for (const vote of verified) this.ballot.count(vote, this.now());
      await this.#noteRefusals();
      this.#verifying = false;
      if (this.#isContinueDue()) this.#suspend();
    }
  }

  /** What did not count is written down where it stays when the run is forgotten. */
  async #noteRefusals(): Promise<void> {
    const fresh = this.ballot.takeFresh();
    if (fresh.refused.length === 0 || !refusalsAreKept()) return;
    const { firstExecutionId } = this.state.identity;
    await this.#uninterrupted(() =>
      this.activities['muster.noteRefusals']({ run: firstExecutionId, ...fresh }),
    );
  }

  #uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    return this.hold.acrossTasks(() => CancellationScope.nonCancellable(work));
  }

  /** Whether votes wait that are to be verified now; a run that is about to continue hands a few of them on. */
  #hasWork(): boolean {
    const kept = this.#suspending ? CARRIED_CHARACTERS : 0;
    let characters = 0;
    return this.#queue.some((jws) => (characters += jws.length + 1) > kept);
  }

  #nextBatch(): string[] {
    let characters = 0;
    const end = this.#queue.findIndex((jws, index) => {
      characters += jws.length;
      return index === VOTES_PER_BATCH || (index > 0 && characters > CHARACTERS_PER_BATCH);
    });
    return this.#queue.slice(0, end === -1 ? undefined : end);
  }

  #isContinueDue(): boolean {
    if (this.#children > 0) return false;
    if (this.#continueAfter !== undefined) return this.#begun + this.#signals >= this.#continueAfter;
    return workflowInfo().continueAsNewSuggested || this.#signals >= MAX_SIGNALS_PER_EXECUTION;
  }

  #suspend(): void {
    if (this.#suspending || this.#isOver) return;
    this.#suspending = true;
    this.interruption.interrupt();
  }

  #reasonToStop(): Error | undefined {
    if (this.#suspending) return new Suspended();
    return this.state.stopped !== undefined && !this.#sheltered ? new Stopped() : undefined;
  }
}
