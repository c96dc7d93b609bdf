import type { PlanSpec, PlanType } from '../scenario/plan-spec.ts';
import type { Action } from './commands.ts';
import type { StableState } from './operations.ts';
import type { Situation } from './situation.ts';
import { describeState } from './states.ts';

interface Rule {
  /** The resting states in which the action may start; absent: in every one. */
  readonly from?: readonly StableState[];
  /** Default: plans of every type. */
  readonly types?: readonly PlanType[];
  /** Further conditions; the message when they do not hold. */
  readonly unless?: (plan: PlanSpec, situation: Situation) => string | undefined;
}

const REPLICAS: readonly PlanType[] = ['Replica', 'CDPReplica'];
const FAILED_OVER: readonly PlanType[] = [...REPLICAS, 'Storage'];
const RESTORED: readonly PlanType[] = ['Restore', 'Cloud'];

function unlessEnabled(_plan: PlanSpec, { mode }: Situation): string | undefined {
  return mode === 'Enabled' ? undefined : 'it is not enabled';
}

/** A storage plan can be undone only when it halted, and not on every storage. */
function unlessUndoable({ planType, vendor }: PlanSpec, situation: Situation): string | undefined {
  const { stable, execution } = situation;
  if (stable === 'Halted' && execution?.operation === 'permanentFailover') {
    return 'a permanent failover cannot be undone';
  }
  if (planType !== 'Storage') return undefined;
  if (vendor === 'HPE') return 'its storage is from HPE';
  return stable === 'Halted' ? undefined : notFrom(situation);
}

/** When an action on a resting plan is legal. `Halt` is for a plan that does not rest. */
const RULES: Readonly<Record<Exclude<Action, 'Halt'>, Rule>> = {
  Enable: { from: ['Ready'] },
  Disable: { from: ['Ready'] },
  ReadinessCheck: { from: ['Ready'] },
  Failover: { from: ['Ready'], types: FAILED_OVER, unless: unlessEnabled },
  Restore: { from: ['Ready'], types: RESTORED, unless: unlessEnabled },
  Continue: { from: ['Halted'] },
  Undo: {
    from: ['FailoverComplete', 'PrepareToFailbackComplete', 'FailbackComplete', 'Halted'],
    types: FAILED_OVER,
    unless: unlessUndoable,
  },
  PermanentFailover: { from: ['FailoverComplete'], types: REPLICAS },
  PrepareToFailback: { from: ['FailoverComplete'], types: REPLICAS },
  SwitchoverToProduction: { from: ['PrepareToFailbackComplete'], types: REPLICAS },
  FailbackToProduction: { from: ['FailoverComplete'], types: REPLICAS },
  CommitFailback: { from: ['FailbackComplete'], types: REPLICAS },
  ResetState: {},
  StartTest: {
    from: ['Ready'],
    unless: ({ planType }) => (planType === 'Cloud' ? 'cloud plans are not tested' : undefined),
  },
  Schedule: { from: ['Ready'], unless: unlessEnabled },
  DeleteSchedule: {},
  ResetChangeLog: {},
};

/** What runs a plan of this type. */
export function runActionOf({ planType }: PlanSpec): 'Failover' | 'Restore' {
  return RESTORED.includes(planType) ? 'Restore' : 'Failover';
}

/** Why an action is not legal now, or undefined when it is. */
export function whyIllegal(plan: PlanSpec, situation: Situation, action: Action): string | undefined {
  if (action === 'Halt') return whyNotHaltable(situation);
  // A schedule can be taken back at any time.
  if (action === 'DeleteSchedule') return undefined;
  if (situation.active) return `the plan is busy (${describeState(situation).stateName})`;
  const { from, types, unless } = RULES[action];
  if (types?.includes(plan.planType) === false) return `it is a ${plan.planType} plan`;
  if (from?.includes(situation.stable) === false) return notFrom(situation);
  return unless?.(plan, situation);
}

function notFrom(situation: Situation): string {
  return `its state is ${describeState(situation).stateName}`;
}

function whyNotHaltable({ active, execution, testPhase }: Situation): string | undefined {
  if (!active || execution === undefined) return 'nothing is running';
  if (execution.operation === 'reset') return 'resetting cannot be halted';
  if (execution.operation === 'test' && testPhase === 'poweringOff') return 'the test is powering off';
  return execution.haltRequested ? 'it is halting already' : undefined;
}
