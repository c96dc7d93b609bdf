import {
  CancellationScope,
  isCancellation,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { without } from '../src/model/json.ts';
import type { Carried, RunIdentity, RunInput, RunResult, RunSnapshot } from '../src/model/run.ts';
import {
  walkSteps,
  type CompiledRunbook,
  type ManualStep,
  type Step,
  type UsesStep,
} from '../src/model/runbook.ts';
import { archiveEnded, archiveIterations, archiveLoops, loadArchive } from './archive.ts';
import { answeredInputs, lateInputs } from './late-inputs.ts';
import { carriedQuery } from './messages.ts';
import { loadOutputs, loadRunbook, recordNotes } from './documents.ts';
import { EarlyVotes } from './early-votes.ts';
import { Engine } from './engine.ts';
import { runSteps } from './interpreter.ts';
import { Journal } from './journal.ts';
import { tellsByActivity, tellsLedger } from './patches.ts';
import { Stopped, Suspended } from './interruption.ts';
import { achievedRto } from './objectives.ts';
import { passPending } from './records.ts';
import { waitsOf } from './recoveries.ts';
import { rollBack } from './rollback.ts';
import { outputsOf } from './outputs.ts';
import { RunState } from './run-state.ts';
import { ScopeOf } from './scope.ts';
import { TaskHold } from './task-hold.ts';

/**
 * A run of a runbook: steps, then cleanup (of a drill), then always. It ends with an outcome, never by an exception
 * that the runbook could cause.
 */
export async function runbook(input: RunInput): Promise<RunResult> {
  // A cancellation through Temporal itself means the same as ours: nothing that cleans up may be cut off by it.
  const cancelled = CancellationScope.current().cancelRequested.catch((error: unknown) => error);
  const early = new EarlyVotes();
  // Before anything is waited for: a patch that is asked about behind a local activity may come in a later task than its replay.
  const tells = tellsLedger() ? { byActivity: tellsByActivity() } : undefined;
  return CancellationScope.nonCancellable(async () => {
    const engine = await prepare(input, early, tells);
    void cancelled.then((error) => {
      if (isCancellation(error)) engine.cancel('temporal', 'cancelled through Temporal');
    });
    try {
      return await execute(engine, lateInputs(engine.state.runbook, input.inputs));
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
      await archiveIterations(engine.state);
      await archiveLoops(engine.state);
      await archiveEnded(engine.state);
      await engine.telling.settle();
      if (engine.state.journal.isKept) await engine.recorded();
      await engine.settle();
      return continueAsNew(input, engine);
    }
  });
}

async function prepare(
  input: RunInput,
  early: EarlyVotes,
  tells: { readonly byActivity: boolean } | undefined,
): Promise<Engine> {
  const compiled = await loadRunbook(input.runbookDigest);
  const { takesOver } = input;
  const snapshot = input.snapshot ?? (takesOver?.snapshot && takenOver(takesOver.snapshot));
  const identity = identityOf(input);
  const hold = new TaskHold();
  const journal = new Journal(
    (notes, whoWaits, troubled) =>
      recordNotes(
        { run: identity, notes },
        { hold, whoWaits, troubled, byActivity: tells?.byActivity === true },
      ),
    { isKept: tells !== undefined, travels: tells?.byActivity === true },
  );
  const state = new RunState({
    identity,
    journal,
    runbook: compiled,
    extra: [...lateInputs(compiled, input.inputs), ...restoredCheck(compiled, input)],
    now: Date.now(),
    snapshot,
    isChild: input.parent !== undefined,
    answerWithinMs: input.answerWithinMs,
    declaredAt: input.declaredAt,
    ...(takesOver === undefined ? {} : { takenOver: { runId: takesOver.runId, from: takesOver.from } }),
    ...(snapshot === undefined ? {} : await loadArchive(snapshot)),
  });
  if (input.snapshot === undefined && takesOver !== undefined) state.takeOver(takesOver.from);
  state.restoreOutputs(await loadOutputs(state.missingOutputs()));
  const asked = lateInputs(compiled, input.inputs);
  const scope = ScopeOf.of(state, () => ({
    ...input.inputs,
    ...answeredInputs(asked, (path) => state.record(path).output),
  }));
  if (input.snapshot === undefined) {
    const { inputs, parent } = input;
    journal.note({
      kind: 'run.started',
      at: state.startedAt,
      inputs,
      ...(parent === undefined ? {} : { parent }),
    });
  }
  for (const record of state.records.values()) record.title = scope.at(record.path).title(record.title);
  const engine = new Engine({ state, hold, scope, snapshot, early, continueAfter: input.continueAfter });
  setHandler(carriedQuery, () => carriedOf(input, engine));
  return engine;
}

async function execute(engine: Engine, missing: readonly ManualStep[]): Promise<RunResult> {
  const { state } = engine;
  const { steps, cleanup, always } = state.runbook;
  try {
    await runSteps(engine, steps);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  passPending(state, steps, whyStopped(engine), engine.now());
  if (state.rollingBack) await engine.sheltered(() => rollBack(engine));
  if (state.stopped === undefined || state.stopped === 'failed') await phase(engine, missing);
  else passPending(state, missing, whyStopped(engine), engine.now());
  const { mode } = state.identity;
  if (mode === 'drill') {
    await phase(engine, cleanup);
    await phase(engine, restoredCheck(state.runbook, state.identity));
  } else {
    passPending(state, cleanup, 'cleanup belongs to drills', engine.now());
  }
  // What is always done changes nothing of it any more.
  const outcome = (state.outcome ??= state.finalOutcome());
  await phase(engine, always);
  const outputs = outputsOf(engine);
  await engine.telling.settle();
  await engine.settleVotes();
  state.endedAt = engine.now();
  engine.announceOutcome(outcome);
  const rto = achievedRto(state);
  state.journal.note({
    kind: 'run.ended',
    at: state.endedAt,
    outcome,
    ...(rto === undefined ? {} : { achievedRtoMs: rto }),
  });
  if (state.journal.isKept) {
    await engine.recorded();
    // Votes may have come meanwhile.
    await engine.settleVotes();
  }
  const waits = state.isChild ? waitsOf(state) : [];
  return {
    outcome,
    steps: state.records.size,
    ...(rto === undefined ? {} : { achievedRtoMs: rto }),
    ...(waits.length === 0 ? {} : { waits }),
    ...(outputs === undefined ? {} : { outputs }),
  };
}

/** Cleanup and always: every step is tried, however the one before it ended. */
async function phase(engine: Engine, steps: readonly Step[]): Promise<void> {
  await engine.sheltered(async () => {
    for (const step of steps) await runSteps(engine, [step]);
  });
}

function whyStopped({ state }: Engine): string {
  if (state.cancelled !== undefined) return `the run was cancelled by ${state.cancelled.by}`;
  return state.stopped === 'rejected' ? 'the run was rejected' : 'an earlier step failed';
}

/** What can be compared with what it was before. */
function isRestorable({ target }: UsesStep['action']): boolean {
  return target?.kind === 'plan' || target?.kind === 'replica';
}

/** A drill that touches a plan or replica ends with a look at whether it left everything as it was. */
function restoredCheck(compiled: CompiledRunbook, { mode }: Pick<RunInput, 'mode'>): UsesStep[] {
  const touches = [...walkSteps(compiled.steps)].some(
    (step) => step.kind === 'uses' && step.action.effect === 'command' && isRestorable(step.action),
  );
  if (mode !== 'drill' || !touches) return [];
  return [
    {
      kind: 'uses',
      // No runbook can have a step of this name: ids have no dot.
      id: 'muster.restored',
      path: 'cleanup/muster.restored',
      title: 'Everything the drill touched is as it was',
      uses: 'muster.checkRestored',
      action: { effect: 'read', impact: 'none', undo: 'none', timeoutMs: 300_000 },
      with: {},
    },
  ];
}

/** Where another run stood, as the beginning of this one: its results, and nothing that was asked of it. */
function takenOver({ records, recordDocuments, loops, loopDocuments, archives }: RunSnapshot): RunSnapshot {
  return {
    startedAt: Date.now(),
    records,
    ...(recordDocuments === undefined ? {} : { recordDocuments }),
    ...(loops === undefined ? {} : { loops }),
    ...(loopDocuments === undefined ? {} : { loopDocuments }),
    ...(archives === undefined ? {} : { archives }),
    waitingVotes: [],
    verdicts: [],
    refused: { total: 0, latest: [] },
    continuations: 0,
  };
}

function carriedOf(
  { runbook: name, runbookDigest, mode, purpose, inputs, declaredAt }: RunInput,
  engine: Engine,
): Carried {
  const { firstExecutionId, tookOver = [] } = engine.state.identity;
  return {
    input: {
      runbook: name,
      runbookDigest,
      mode,
      purpose,
      inputs,
      ...(declaredAt === undefined ? {} : { declaredAt }),
    },
    firstExecutionIds: [firstExecutionId, ...tookOver],
    snapshot: engine.snapshot(),
    isOver: engine.state.endedAt !== undefined,
  };
}

function identityOf(input: RunInput): RunIdentity {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const { runbook: name, runbookDigest, mode, purpose, starter, authors, takesOver } = input;
  return {
    runId: workflowId,
    firstExecutionId: firstExecutionRunId,
    runbook: name,
    runbookDigest,
    mode,
    purpose,
    starter,
    ...(authors === undefined ? {} : { authors }),
    ...(takesOver === undefined ? {} : { tookOver: takesOver.firstExecutionIds }),
  };
}

/** Everything up to the call is synchronous: a vote that arrives later is delivered to the next execution. */
function continueAsNew(input: RunInput, engine: Engine): Promise<never> {
  const { typedSearchAttributes } = workflowInfo();
  const next = makeContinueAsNewFunc<typeof runbook>({ typedSearchAttributes });
  const { takesOver } = input;
  return next({
    ...input,
    ...(takesOver === undefined ? {} : { takesOver: without(takesOver, ['snapshot']) }),
    snapshot: engine.snapshot(),
  });
}
