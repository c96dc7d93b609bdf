import { textOf, type JsonObject } from '../src/model/json.ts';
import type { StepFailure } from '../src/model/failure.ts';
import type { DecisionTaken, StepRecord } from '../src/model/run.ts';
import type { Step } from '../src/model/runbook.ts';
import type { Engine } from './engine.ts';
import { noteDecision } from './records.ts';

/**
 * While people are asked about a plan, somebody may act on it in VRO's own console: then there is nothing left to decide
 * here, and the step goes on watching its plan. `asking` waits at the gate; the noticing ends with it.
 *
 * @throws Suspended, Stopped
 */
export async function whileNoticing(
  engine: Engine,
  step: Step,
  record: StepRecord,
  failure: StepFailure,
  asking: () => Promise<unknown>,
): Promise<void> {
  const since = standingOf(step, failure);
  if (since === undefined || step.kind !== 'uses') {
    await asking();
    return;
  }
  const { plan } = engine.scope.at(step.path).render(step.with);
  const noticing = engine.notice(
    {
      run: engine.state.identity,
      path: record.path,
      with: { plan: plan ?? '' },
      since,
      ...(step.connection === undefined ? {} : { connection: step.connection }),
    },
    ({ stateName }) => {
      closeNoticed(engine, record, failure, stateName);
    },
  );
  try {
    await asking();
  } finally {
    noticing.stop();
  }
}

/** Where the plan stood when the step failed; undefined for a failure that is not about where a plan stands. */
function standingOf(step: Step, { code, details }: StepFailure): JsonObject | undefined {
  if (code !== 'vro.planHalted' && code !== 'vro.planFailed') return undefined;
  if (step.kind !== 'uses' || step.action.target?.kind !== 'plan') return undefined;
  const position = textOf(details?.['position']);
  if (position === undefined) return undefined;
  return {
    position,
    startTime: textOf(details?.['startedAt']) ?? null,
    finishTime: textOf(details?.['finishedAt']) ?? null,
  };
}

/** Closes the gate, and writes down why: whoever reads the record later must not look for a vote. */
function closeNoticed(engine: Engine, record: StepRecord, failure: StepFailure, stateName: string): void {
  const { gate } = record;
  if (gate?.kind !== 'decision' || gate.closedAt !== undefined) return;
  const at = engine.now();
  gate.closedAt = at;
  gate.closedBy = 'noticed';
  record.state = 'running';
  const taken: DecisionTaken = {
    decision: 'adopt',
    person: 'somebody in VRO',
    comment: `the plan moved by itself, to "${stateName}"`,
    at,
    attempt: record.attempt,
    failure: failure.code,
    cover: { gate: record.path, nonce: gate.nonce, digest: gate.digest, covered: [], votes: [] },
  };
  noteDecision(engine.state, record, taken);
}
