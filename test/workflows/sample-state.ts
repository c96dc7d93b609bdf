import type { RunSnapshot, StepRecord } from '../../src/model/run.ts';
import type { CompiledRunbook, Step } from '../../src/model/runbook.ts';
import { compileRunbook } from '../../src/language/index.ts';
import { Journal } from '../../workflows/journal.ts';
import { RunState } from '../../workflows/run-state.ts';

/** When every sample run began, milliseconds since 1970. */
export const BEGAN = 1_000;

/** Compiles these lines, from `steps:` on. */
export function compiled(lines: string): CompiledRunbook {
  const text = `apiVersion: muster/v1\nname: sample\nconnections: { vro: dr-site }\n${lines}`;
  const { runbook, diagnostics } = compileRunbook({ text, file: 'sample.yaml' });
  if (runbook === undefined) throw new Error(JSON.stringify(diagnostics));
  return runbook;
}

/** The state of a run of these lines that has just begun, or goes on from a snapshot. */
export function stateOf(lines: string, snapshot?: RunSnapshot, extra: readonly Step[] = []): RunState {
  return new RunState({
    identity: {
      runId: 'sample-1',
      firstExecutionId: 'first',
      runbook: 'sample',
      runbookDigest: 'runbook-digest',
      mode: 'drill',
      purpose: 'exercise',
      starter: 'anna',
    },
    runbook: compiled(lines),
    journal: new Journal(async () => undefined, { isKept: false, travels: false }),
    extra,
    now: BEGAN,
    snapshot,
  });
}

/** Writes into the record of a step. */
export function write(state: RunState, path: string, change: Partial<StepRecord>): void {
  Object.assign(state.record(path), change);
}

/** What the next execution would start from. */
export function snapshotOf(state: RunState, more: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    startedAt: state.startedAt,
    records: structuredClone(state.slimRecords()),
    waitingVotes: [],
    verdicts: [],
    refused: { total: 0, latest: [] },
    continuations: state.continuations + 1,
    ...more,
  };
}
