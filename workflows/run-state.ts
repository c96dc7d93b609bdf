import { jsonBytes, without } from '../src/model/json.ts';
import type { LoopItem } from '../src/model/loop.ts';
import {
  ROLLBACK_ID,
  type CompiledRunbook,
  type ForEachStep,
  type Step,
  type UsesStep,
} from '../src/model/runbook.ts';
import type {
  Cancellation,
  KeptLoop,
  KeptRecord,
  Outcome,
  Phase,
  RunIdentity,
  RunSnapshot,
  StepRecord,
  Timeline,
  TimelineQuery,
} from '../src/model/run.ts';
import type { Cover } from '../src/model/vote.ts';
import type { Journal } from './journal.ts';
import { Loops } from './loops.ts';
import { achievedRto } from './objectives.ts';
import { Pauses } from './pauses.ts';
import { recoveriesOf } from './recoveries.ts';

/**
 * Steps of one page at most, and of those so many that the page is far below the 2 MB where an answer ends. As many as that
 * allows: of a run that has ended, each page is a replay of its whole history.
 */
const MAX_PAGE = 5_000;
const MAX_PAGE_BYTES = 768 * 1_024;

/**
 * All that a run knows, as plain data: one record per step and what concerns the run as a whole. A snapshot of it is
 * what continue-as-new carries; walking the runbook again over the same records goes on where the last walk stopped.
 */
export class RunState {
  readonly identity: RunIdentity;
  readonly runbook: CompiledRunbook;
  readonly journal: Journal;
  readonly startedAt: number;
  readonly continuations: number;
  readonly records = new Map<string, StepRecord>();
  readonly loops = new Loops();
  /** Where the items of each loop are kept that has begun. */
  readonly keptLoops: KeptLoop[];
  /** Documents with the loops that began before those. */
  readonly loopDocuments: string[];
  /** Documents with records of iterations, and the iterations whose records they hold as they are now. */
  readonly archives: string[];
  readonly archived: Set<string>;
  /** Documents with records of steps outside of loops that have ended, made for the next execution; and whose they are. */
  readonly recordDocuments: string[] = [];
  readonly documented = new Set<string>();
  readonly #roots: readonly Step[];
  cancelled: Cancellation | undefined;
  /** Why no further step begins: the outcome the run will have. */
  stopped: Outcome | undefined;
  readonly pauses: Pauses;
  /** A step of another run has started it. */
  readonly isChild: boolean;
  /** How long a failed step waits for people; absent: as long as it takes. */
  readonly answerWithinMs: number | undefined;
  /** When the loss was, where somebody has said so. */
  readonly declaredAt: number | undefined;
  readonly takenOver: { readonly runId: string; readonly from: string } | undefined;
  /** What the run has done is taken back, once no step goes on. */
  rollingBack: boolean;
  /** What takes steps back, in the order in which it began. */
  readonly #rollbacks: UsesStep[] = [];
  outcome: Outcome | undefined;
  endedAt: number | undefined;

  constructor({
    identity,
    runbook,
    extra,
    now,
    snapshot,
    takenOver,
    isChild = false,
    answerWithinMs,
    declaredAt,
    journal,
    archive = [],
    items = new Map(),
    archivedLoops = [],
  }: {
    identity: RunIdentity;
    runbook: CompiledRunbook;
    /** Steps of the engine's own, shown like the runbook's. */
    extra: readonly Step[];
    now: number;
    snapshot: RunSnapshot | undefined;
    takenOver?: { readonly runId: string; readonly from: string };
    isChild?: boolean;
    answerWithinMs?: number | undefined;
    declaredAt?: number | undefined;
    journal: Journal;
    /** The records that the snapshot names by digest, oldest first. */
    archive?: readonly KeptRecord[];
    /** The items of loops that the snapshot names by digest. */
    items?: ReadonlyMap<string, readonly LoopItem[]>;
    /** The loops that the snapshot names by digest. */
    archivedLoops?: readonly KeptLoop[];
  }) {
    this.identity = identity;
    this.runbook = runbook;
    this.takenOver = takenOver;
    this.isChild = isChild;
    this.answerWithinMs = answerWithinMs;
    this.declaredAt = declaredAt;
    this.journal = journal;
    this.startedAt = snapshot?.startedAt ?? now;
    this.continuations = snapshot?.continuations ?? 0;
    this.cancelled = snapshot?.cancelled;
    this.stopped = snapshot?.stopped;
    this.outcome = snapshot?.outcome;
    this.pauses = new Pauses(snapshot?.pauses ?? []);
    this.rollingBack = snapshot?.rollingBack ?? false;
    this.keptLoops = [...(snapshot?.loops ?? [])];
    this.loopDocuments = [...(snapshot?.loopDocuments ?? [])];
    this.archives = [...(snapshot?.archives ?? [])];
    const roots = [...runbook.steps, ...runbook.cleanup, ...runbook.always, ...extra];
    this.#roots = roots.sort((a, b) => phaseOrder(a) - phaseOrder(b));
    for (const loop of [...archivedLoops, ...this.keptLoops]) {
      const step = this.loops.loopAt(runbook, loop.path);
      const known = 'items' in loop ? loop.items : items.get(loop.digest);
      if (step === undefined || known === undefined) throw new Error(`no loop ${loop.path}`);
      this.loops.begin(step, known);
    }
    const carried = snapshot?.records ?? [];
    const known = new Map([...archive, ...carried].map((record) => [record.path, record]));
    const begun = new Map(this.#withRollback().map(({ rollback }) => [rollback.path, rollback]));
    this.#rollbacks.push(...[...known.keys()].flatMap((path) => begun.get(path) ?? []));
    this.#lay(known);
    const changed = new Set(carried.map(({ path }) => this.loops.around(path)?.block.path));
    const resting = archive.flatMap(({ path }) => this.loops.around(path)?.block.path ?? []);
    this.archived = new Set(resting.filter((path) => !changed.has(path)));
  }

  /**
   * Keeps the results of another run, up to the step that is done anew: what ended well before it stays, an approval only
   * if all that it covers stays, too. Everything else is to be done.
   */
  takeOver(from: string): void {
    const paths = [...this.records.keys()];
    const first = paths.indexOf(from);
    const isDone = (path: string): boolean => {
      const { state, outcome } = this.record(path);
      return state === 'ended' && (outcome === 'succeeded' || outcome === 'warned' || outcome === 'skipped');
    };
    const kept = new Set(
      paths.filter((path, index) => index < first && !from.startsWith(`${path}/`) && isDone(path)),
    );
    for (const step of [...this.steps()]) {
      const { path } = step;
      const covers = step.kind === 'approval' ? step.covers : [];
      const isValid = covers.every((covered) => kept.has(covered));
      if (kept.has(path) && isValid) this.record(path).takenOver = true;
      // A block around the step begins again, and passes over what is kept in it.
      else this.records.set(path, pendingRecord(step));
    }
  }

  /** Every step of the run as it stands, in the order of the runbook: a loop that has begun with its iterations. */
  *steps(): Generator<Step> {
    yield* this.loops.walk(this.#roots);
    yield* this.#rollbacks;
  }

  /** The steps that are to be taken back, the one that ended last first. */
  toTakeBack(): (UsesStep & { readonly rollback: UsesStep })[] {
    const endOf = ({ path }: Step): number => this.record(path).endedAt ?? Infinity;
    return this.#withRollback()
      .filter(({ path }) => {
        const { toTakeBack, failure } = this.record(path);
        return toTakeBack === true || failure?.code === 'effect.unclear';
      })
      .reverse()
      .sort((a, b) => endOf(b) - endOf(a));
  }

  #withRollback(): (UsesStep & { readonly rollback: UsesStep })[] {
    return [...this.loops.walk(this.#roots)].flatMap((step) =>
      step.kind === 'uses' && step.rollback !== undefined ? [{ ...step, rollback: step.rollback }] : [],
    );
  }

  /** What takes a step back begins, and has a record from now on. */
  beginRollback(rollback: UsesStep): StepRecord {
    const known = this.records.get(rollback.path);
    if (known !== undefined) return known;
    this.#rollbacks.push(rollback);
    const record = pendingRecord(rollback);
    this.records.set(rollback.path, record);
    return record;
  }

  /** A loop begins; each of its steps has a record for each item from now on. */
  beginLoop(loop: ForEachStep, items: readonly LoopItem[], kept: KeptLoop): void {
    this.loops.begin(loop, items);
    this.keptLoops.push(kept);
    this.#lay(new Map(this.records));
  }

  /** Puts the records in the order of the runbook, new ones among them. */
  #lay(known: ReadonlyMap<string, KeptRecord>): void {
    this.records.clear();
    for (const step of this.steps()) {
      const record = known.get(step.path);
      const isWhole = record?.title !== undefined && record.kind !== undefined;
      this.records.set(step.path, isWhole ? (record as StepRecord) : { ...pendingRecord(step), ...record });
    }
  }

  /** @throws Error for a path the runbook does not have: a bug */
  record(path: string): StepRecord {
    const record = this.records.get(path);
    if (record === undefined) throw new Error(`no step ${path}`);
    return record;
  }

  /** The approvals that were given, as proofs for the fence. */
  grants(): Cover[] {
    return [...this.records.values()].flatMap(({ path, gate, grant }) => [
      ...(grant === undefined ? [] : [grant]),
      ...(gate?.kind === 'approval' && gate.closedBy === 'vote'
        ? [
            {
              gate: path,
              nonce: gate.nonce,
              digest: gate.digest,
              covered: gate.covered,
              votes: gate.votes.map(({ jws }) => jws),
            },
          ]
        : []),
    ]);
  }

  /** The first gate that waits for people now. */
  waitingGate(): string | undefined {
    return [...this.records.values()].find(({ state }) => state === 'waiting')?.path;
  }

  /** The outcome of a run whose steps have all been walked. */
  finalOutcome(): Outcome {
    if (this.stopped !== undefined) return this.stopped;
    const outcomes = [...this.records.values()];
    const deviates = outcomes.some(
      ({ outcome, decisions }) =>
        outcome === 'warned' || outcome === 'failed' || (outcome === 'skipped' && decisions !== undefined),
    );
    return deviates ? 'warned' : 'succeeded';
  }

  timeline({ from = 0, limit = 200 }: TimelineQuery, refused: Timeline['refused']): Timeline {
    const steps = [...this.records.values()];
    const rto = achievedRto(this);
    const recoveries = recoveriesOf(this);
    return {
      run: this.identity,
      title: this.runbook.title,
      ...(this.takenOver === undefined ? {} : { takenOver: this.takenOver }),
      ...(this.declaredAt === undefined ? {} : { declaredAt: this.declaredAt }),
      startedAt: this.startedAt,
      ...(this.endedAt === undefined ? {} : { endedAt: this.endedAt }),
      ...(this.outcome === undefined ? {} : { outcome: this.outcome }),
      ...(this.cancelled === undefined ? {} : { cancelled: this.cancelled }),
      ...(this.pauses.all().length === 0 ? {} : { pauses: this.pauses.all() }),
      ...(rto === undefined ? {} : { achievedRtoMs: rto }),
      ...(recoveries.length === 0 ? {} : { recoveries }),
      ...(this.runbook.objectives === undefined ? {} : { objectives: this.runbook.objectives }),
      refused,
      ...(this.journal.trouble === undefined ? {} : { unrecorded: this.journal.trouble }),
      total: steps.length,
      from,
      steps: pageOf(steps.slice(from, from + Math.min(limit, MAX_PAGE))),
      continuations: this.continuations,
    };
  }

  /** The records as a snapshot carries them: without the outputs that are kept by digest. */
  slimRecords(): KeptRecord[] {
    return [...this.records.values()].flatMap((record) => {
      const iteration = this.loops.around(record.path);
      if (iteration === undefined) {
        return record.state === 'pending' || this.documented.has(record.path) ? [] : [slimRecord(record)];
      }
      const { path } = iteration.block;
      // Of an iteration that has begun also what has not: it may be about to be tried again.
      return this.archived.has(path) || this.record(path).attempt === 0 ? [] : [slimLoopRecord(record)];
    });
  }

  /** The steps outside of loops; what a loop needs, it fetches when it goes on. */
  recordsOutsideLoops(): StepRecord[] {
    return [...this.records.values()].filter(({ path }) => this.loops.around(path) === undefined);
  }

  /** Digests of the outputs of these steps that a snapshot left out. */
  missingOutputs(records: readonly StepRecord[] = this.recordsOutsideLoops()): string[] {
    const digests = records.flatMap(({ output, outputDigest, command }) => [
      ...(output === undefined && outputDigest !== undefined ? [outputDigest] : []),
      ...(command?.output === undefined && command?.outputDigest !== undefined ? [command.outputDigest] : []),
    ]);
    return [...new Set(digests)];
  }

  /** Puts outputs back that a snapshot left out. */
  restoreOutputs(
    outputs: ReadonlyMap<string, NonNullable<StepRecord['output']>>,
    records: readonly StepRecord[] = this.recordsOutsideLoops(),
  ): void {
    for (const record of records) {
      const output = record.outputDigest === undefined ? undefined : outputs.get(record.outputDigest);
      if (record.output === undefined && output !== undefined) record.output = output;
      const { command } = record;
      const commandOutput =
        command?.outputDigest === undefined ? undefined : outputs.get(command.outputDigest);
      if (command !== undefined && commandOutput !== undefined) {
        record.command = { ...command, output: commandOutput };
      }
    }
  }
}

/** The first of these records that together are a page; one at least, so that whoever pages gets on. */
function pageOf(records: readonly StepRecord[]): StepRecord[] {
  let bytes = 0;
  const end = records.findIndex((record, index) => {
    bytes += jsonBytes(record);
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return end === -1 ? [...records] : records.slice(0, end);
}

/** A record without the outputs that are kept by digest. */
function slimRecord(record: StepRecord): StepRecord {
  const { output, command, ...rest } = record;
  return {
    ...rest,
    ...(output === undefined || rest.outputDigest !== undefined ? {} : { output }),
    ...(command === undefined ? {} : { command: slimCommand(command) }),
  };
}

/** A record of a loop, of which there may be thousands: without what the runbook says, and what only a running step needs. */
export function slimLoopRecord(record: StepRecord): KeptRecord {
  const slim = without(slimRecord(record), ['title', 'kind', 'uses']);
  return record.state === 'ended' ? without(slim, ['command']) : slim;
}

function slimCommand(command: NonNullable<StepRecord['command']>): NonNullable<StepRecord['command']> {
  const { output, ...rest } = command;
  return output === undefined || rest.outputDigest !== undefined ? rest : { ...rest, output };
}

/** The phase a step belongs to, which its path begins with. */
export function phaseOf(path: string): Phase {
  if (path.startsWith('cleanup/')) return 'cleanup';
  if (path.startsWith('always/')) return 'always';
  return path.endsWith(`/${ROLLBACK_ID}`) ? 'rollback' : 'steps';
}

function phaseOrder({ path }: Step): number {
  return ['steps', 'rollback', 'cleanup', 'always'].indexOf(phaseOf(path));
}

function pendingRecord(step: Step): StepRecord {
  return {
    path: step.path,
    title: step.title,
    kind: step.kind,
    ...(step.kind === 'uses' ? { uses: step.uses } : {}),
    state: 'pending',
    attempt: 0,
  };
}
