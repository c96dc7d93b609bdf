import { allSteps, type CompiledRunbook, type Step } from '../src/model/runbook.ts';
import type {
  Cancellation,
  Outcome,
  Phase,
  RunIdentity,
  RunSnapshot,
  StepRecord,
  Timeline,
  TimelineQuery,
} from '../src/model/run.ts';
import type { Cover } from '../src/model/vote.ts';
import { achievedRto } from './objectives.ts';

const MAX_PAGE = 500;

/**
 * All that a run knows, as plain data: one record per step and what concerns the run as a whole. A snapshot of it is
 * what continue-as-new carries; walking the runbook again over the same records goes on where the last walk stopped.
 */
export class RunState {
  readonly identity: RunIdentity;
  readonly runbook: CompiledRunbook;
  readonly startedAt: number;
  readonly continuations: number;
  readonly records: Map<string, StepRecord>;
  cancelled: Cancellation | undefined;
  /** Why no further step begins: the outcome the run will have. */
  stopped: Outcome | undefined;
  outcome: Outcome | undefined;
  endedAt: number | undefined;

  constructor({
    identity,
    runbook,
    extra,
    now,
    snapshot,
  }: {
    identity: RunIdentity;
    runbook: CompiledRunbook;
    /** Steps of the engine's own, shown like the runbook's. */
    extra: readonly Step[];
    now: number;
    snapshot: RunSnapshot | undefined;
  }) {
    this.identity = identity;
    this.runbook = runbook;
    this.startedAt = snapshot?.startedAt ?? now;
    this.continuations = snapshot?.continuations ?? 0;
    this.cancelled = snapshot?.cancelled;
    this.stopped = snapshot?.stopped;
    const kept = new Map(snapshot?.records.map((record) => [record.path, record]));
    const steps = [...allSteps(runbook), ...extra].sort((a, b) => phaseOrder(a) - phaseOrder(b));
    this.records = new Map(steps.map((step) => [step.path, kept.get(step.path) ?? pendingRecord(step)]));
  }

  /** @throws Error for a path the runbook does not have: a bug */
  record(path: string): StepRecord {
    const record = this.records.get(path);
    if (record === undefined) throw new Error(`no step ${path}`);
    return record;
  }

  /** The approvals that were given, as proofs for the fence. */
  grants(): Cover[] {
    return [...this.records.values()].flatMap(({ path, gate }) =>
      gate?.kind === 'approval' && gate.closedBy === 'vote'
        ? [
            {
              gate: path,
              nonce: gate.nonce,
              digest: gate.digest,
              covered: gate.covered,
              votes: gate.votes.map(({ jws }) => jws),
            },
          ]
        : [],
    );
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
    return {
      run: this.identity,
      title: this.runbook.title,
      startedAt: this.startedAt,
      ...(this.endedAt === undefined ? {} : { endedAt: this.endedAt }),
      ...(this.outcome === undefined ? {} : { outcome: this.outcome }),
      ...(this.cancelled === undefined ? {} : { cancelled: this.cancelled }),
      ...(rto === undefined ? {} : { achievedRtoMs: rto }),
      refused,
      total: steps.length,
      from,
      steps: steps.slice(from, from + Math.min(limit, MAX_PAGE)),
      continuations: this.continuations,
    };
  }

  /** The records as a snapshot carries them: without the outputs that are kept by digest. */
  slimRecords(): StepRecord[] {
    return [...this.records.values()]
      .filter(({ state }) => state !== 'pending')
      .map((record) => {
        const { output, command, ...rest } = record;
        return {
          ...rest,
          ...(output === undefined || rest.outputDigest !== undefined ? {} : { output }),
          ...(command === undefined ? {} : { command: slimCommand(command) }),
        };
      });
  }

  /** Digests of the outputs that a snapshot left out. */
  missingOutputs(): string[] {
    const digests = [...this.records.values()].flatMap(({ output, outputDigest, command }) => [
      ...(output === undefined && outputDigest !== undefined ? [outputDigest] : []),
      ...(command?.output === undefined && command?.outputDigest !== undefined ? [command.outputDigest] : []),
    ]);
    return [...new Set(digests)];
  }

  /** Puts outputs back that a snapshot left out. */
  restoreOutputs(outputs: ReadonlyMap<string, NonNullable<StepRecord['output']>>): void {
    for (const record of this.records.values()) {
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

function slimCommand(command: NonNullable<StepRecord['command']>): NonNullable<StepRecord['command']> {
  const { output, ...rest } = command;
  return output === undefined || rest.outputDigest !== undefined ? rest : { ...rest, output };
}

/** The phase a step belongs to, which its path begins with. */
export function phaseOf(path: string): Phase {
  if (path.startsWith('cleanup/')) return 'cleanup';
  return path.startsWith('always/') ? 'always' : 'steps';
}

function phaseOrder({ path }: Step): number {
  return ['steps', 'cleanup', 'always'].indexOf(phaseOf(path));
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
