import { ApplicationFailure } from '@temporalio/common';
import type { ApprovalPolicy } from '../../src/model/approval.ts';
import { approversBeside, deviationText, spokenApprovers, spokenVoter } from '../../src/model/approvers.ts';
import { approvalOffers } from '../../src/model/offers.ts';
import type { StepRecord } from '../../src/model/run.ts';
import { iterationOf, movedPath } from '../../src/model/loop.ts';
import {
  outsideLoops,
  type ApprovalStep,
  type ForEachStep,
  type Step,
  type UsesStep,
} from '../../src/model/runbook.ts';
import type { OpenGateInput } from '../../activities/contract.ts';
import type { Engine } from '../engine.ts';
import { waitAtGate } from '../gates.ts';
import type { StepEnd } from '../records.ts';
import type { ScopeOf } from '../scope.ts';
import { itemsOf } from './for-each.ts';

/** Commands that one yes can allow: a person reads them all, and each goes to the fence with the proof of all. */
const MAX_COVERED = 50;

/** Waits until the people whom the rules name say yes. A timeout never means yes. */
export async function runApproval(engine: Engine, step: ApprovalStep, record: StepRecord): Promise<StepEnd> {
  const closed = await waitAtGate(
    engine,
    record,
    {
      kind: 'approval',
      title: record.title,
      policy: approvalPolicy(engine, step, record),
      offers: approvalOffers(step),
      covers: () => coveredSteps(engine, step),
      ...(step.escalate === undefined ? {} : { escalate: step.escalate }),
      ...(step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs }),
    },
    { hold: step.onTimeout === 'hold' },
  );
  if (closed === 'timeout') return { outcome: 'rejected', reason: 'nobody answered in time' };
  const { gate } = record;
  const no = gate?.votes.find(({ decision }) => decision === 'reject');
  if (no !== undefined) return { outcome: 'rejected', reason: `${spokenVoter(no)}: ${no.comment ?? 'no'}` };
  const votes = gate?.votes ?? [];
  const deviation = gate?.deviation;
  return {
    outcome: deviation === undefined ? 'succeeded' : 'warned',
    reason: deviation === undefined ? `approved by ${spokenApprovers(votes)}` : deviationText(deviation),
    output: { approvedBy: votes.map(({ person }) => person) },
  };
}

/** Whom an approval asks, and who may not answer as things stand when it opens. */
export function approvalPolicy(
  { state }: Engine,
  { path, rules, exclude }: Pick<ApprovalStep, 'path' | 'rules' | 'exclude'>,
  record: StepRecord,
): ApprovalPolicy {
  const { starter, authors } = state.identity;
  const previous = exclude.includes('previous-approver')
    ? approversBeside(state.records.values(), [path, record.path])
    : [];
  return {
    rules,
    exclude,
    starter,
    ...(authors === undefined || !exclude.includes('author') ? {} : { authors }),
    ...(previous.length === 0 ? {} : { previous }),
  };
}

/** What a yes allows, with everything resolved that is known now; what is not is the runbook's mistake. */
function coveredSteps(engine: Engine, { covers }: ApprovalStep): OpenGateInput['covers'] {
  const covered = [...coveredBy(engine, covers)];
  if (covered.length > MAX_COVERED) {
    const message = `The approval would cover ${covered.length} commands, more than anybody reads; it covers at most ${MAX_COVERED}.`;
    throw ApplicationFailure.nonRetryable(message, 'step.badInput');
  }
  return covered.map(({ step, scope }) => {
    if (step.connection === undefined) {
      throw ApplicationFailure.nonRetryable(`${step.path} has no target`, 'step.internal');
    }
    return {
      path: step.path,
      action: step.uses,
      with: scope.render(step.with),
      connection: step.connection,
    };
  });
}

/** The commands at these paths that run in this mode; one in a loop that is still to come, for each of its items. */
function* coveredBy(
  engine: Engine,
  covers: readonly string[],
): Generator<{ step: UsesStep; scope: ScopeOf }> {
  const { state, scope } = engine;
  for (const step of state.steps()) {
    if (!isInMode(engine, step)) continue;
    if (step.kind === 'uses' && covers.includes(step.path)) yield { step, scope: scope.at(step.path) };
    const isAhead = step.kind === 'forEach' && state.loops.of(step.path) === undefined;
    if (isAhead) yield* coveredAhead(engine, step, covers, scope.at(step.path));
  }
}

/** The same in a loop that has not begun, whose items are known already. */
function* coveredAhead(
  engine: Engine,
  loop: ForEachStep,
  covers: readonly string[],
  scope: ScopeOf,
): Generator<{ step: UsesStep; scope: ScopeOf }> {
  if (!covers.some((path) => path.startsWith(`${loop.path}/`))) return;
  for (const item of itemsOf(scope, loop)) {
    const iteration = iterationOf(loop, item);
    const inside = covers.map((path) => movedPath(path, loop.path, iteration.block.path));
    const within = scope.inside(iteration);
    for (const one of outsideLoops(iteration.block.steps)) {
      if (!isInMode(engine, one)) continue;
      if (one.kind === 'uses' && inside.includes(one.path)) yield { step: one, scope: within };
      if (one.kind === 'forEach') yield* coveredAhead(engine, one, inside, within);
    }
  }
}

function isInMode({ state }: Engine, { modes }: Step): boolean {
  return modes === undefined || modes.includes(state.identity.mode);
}
