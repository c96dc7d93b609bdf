import { ApplicationFailure } from '@temporalio/common';
import { APPROVAL_OFFERS } from '../../src/model/offers.ts';
import type { StepRecord } from '../../src/model/run.ts';
import { allSteps, type ApprovalStep } from '../../src/model/runbook.ts';
import type { OpenGateInput } from '../../activities/contract.ts';
import type { Engine } from '../engine.ts';
import { waitAtGate } from '../gates.ts';
import type { StepEnd } from '../records.ts';

/** Waits until the people whom the rules name say yes. A timeout never means yes. */
export async function runApproval(engine: Engine, step: ApprovalStep, record: StepRecord): Promise<StepEnd> {
  const closed = await waitAtGate(
    engine,
    record,
    {
      kind: 'approval',
      title: record.title,
      policy: { rules: step.rules, exclude: step.exclude, starter: engine.state.identity.starter },
      offers: APPROVAL_OFFERS,
      covers: coveredSteps(engine, step),
      ...(step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs }),
    },
    { hold: step.onTimeout === 'hold' },
  );
  if (closed === 'timeout') return { outcome: 'rejected', reason: 'nobody answered in time' };
  const { gate } = record;
  const no = gate?.votes.find(({ decision }) => decision === 'reject');
  if (no !== undefined) return { outcome: 'rejected', reason: `${no.person}: ${no.comment ?? 'no'}` };
  const people = gate?.votes.map(({ person }) => person) ?? [];
  return {
    outcome: 'succeeded',
    reason: `approved by ${people.join(' and ')}`,
    output: { approvedBy: people },
  };
}

/** What a yes allows, with everything resolved that is known now; what is not is the runbook's mistake. */
function coveredSteps(engine: Engine, { covers }: ApprovalStep): OpenGateInput['covers'] {
  const { mode } = engine.state.identity;
  return allSteps(engine.state.runbook).flatMap((step) => {
    if (step.kind !== 'uses' || !covers.includes(step.path)) return [];
    if (step.modes !== undefined && !step.modes.includes(mode)) return [];
    if (step.connection === undefined) {
      throw ApplicationFailure.nonRetryable(`${step.path} has no target`, 'step.internal');
    }
    return [
      {
        path: step.path,
        action: step.uses,
        with: engine.scope.render(step.with),
        connection: step.connection,
      },
    ];
  });
}
