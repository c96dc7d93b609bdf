import type { PlanSpec } from '../scenario.ts';
import type { Command, Situation, StableState } from './plan.ts';
import { describeState } from './states.ts';

interface Rule {
  /** The resting states in which the action may start. */
  readonly from: readonly StableState[];
  /** Further conditions; the message when they do not hold. */
  readonly unless?: (plan: PlanSpec, situation: Situation) => string | undefined;
}

function unlessReplica(plan: PlanSpec): string | undefined {
  return plan.planType === 'Restore' ? 'it is a restore plan' : undefined;
}

/** When an action on a resting plan is legal. `Halt` is the one action on a plan that does not rest. */
const RULES: Readonly<Record<Exclude<Command['action'], 'Halt'>, Rule>> = {
  Enable: { from: ['Ready'] },
  Disable: { from: ['Ready'] },
  ReadinessCheck: { from: ['Ready'] },
  Failover: {
    from: ['Ready'],
    unless: (plan, situation) =>
      unlessReplica(plan) ?? (situation.mode === 'Enabled' ? undefined : 'it is not enabled'),
  },
  Continue: { from: ['Halted'] },
  Undo: { from: ['FailoverComplete', 'FailbackComplete', 'Halted'], unless: unlessReplica },
  FailbackToProduction: { from: ['FailoverComplete'], unless: unlessReplica },
  CommitFailback: { from: ['FailbackComplete'] },
  ResetState: {
    from: [
      'Ready',
      'FailoverComplete',
      'UndoFailoverComplete',
      'FailbackComplete',
      'CommitFailbackComplete',
      'Halted',
    ],
  },
};

/** Why an action is not legal now, or undefined when it is. */
export function whyIllegal(
  plan: PlanSpec,
  situation: Situation,
  action: Command['action'],
): string | undefined {
  if (action === 'Halt') return whyNotHaltable(situation);
  if (situation.active) return `the plan is busy (${describeState(situation).stateName})`;
  const { from, unless } = RULES[action];
  if (!from.includes(situation.stable)) return `its state is ${describeState(situation).stateName}`;
  return unless?.(plan, situation);
}

function whyNotHaltable({ active, execution }: Situation): string | undefined {
  if (!active || execution === undefined) return 'nothing is running';
  if (execution.operation === 'reset') return 'resetting cannot be halted';
  return execution.haltRequested ? 'it is halting already' : undefined;
}
