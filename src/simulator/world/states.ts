import type { Situation, StableState, Verification } from './plan.ts';
import type { Operation } from './timeline.ts';

/** How VRO names a state: code, name for people, and a text that sorts. Only `RestoreComplete` is documented. */
export interface StateNames {
  readonly state: string;
  readonly stateName: string;
  readonly stateOrder: string;
}

function named(state: string, order: 100 | 200 | 300 | 400, stateName: string): StateNames {
  return { state, stateName, stateOrder: `${order}. ${stateName}` };
}

const DEFAULT_NAMES: Readonly<Record<Verification, string>> = {
  NeedsVerified: 'Needs Verified',
  NotVerified: 'Not Verified',
  Verified: 'Verified',
};

const RESTING: Readonly<Record<Exclude<StableState, 'Ready'>, StateNames>> = {
  FailoverComplete: named('FailoverComplete', 300, 'Failover'),
  UndoFailoverComplete: named('UndoFailoverComplete', 300, 'Undo Failover'),
  FailbackComplete: named('FailbackComplete', 300, 'Failback'),
  CommitFailbackComplete: named('CommitFailbackComplete', 300, 'Commit Failback'),
  Halted: named('Halted', 400, 'Halted'),
};

const RUNNING: Readonly<Record<Operation, StateNames>> = {
  check: named('CheckRunning', 200, 'Checking'),
  failover: named('FailoverRunning', 200, 'Failover'),
  undoFailover: named('UndoFailoverRunning', 200, 'Undo Failover'),
  failback: named('FailbackRunning', 200, 'Failback'),
  undoFailback: named('UndoFailbackRunning', 200, 'Undo Failback'),
  commitFailback: named('CommitFailbackRunning', 200, 'Commit Failback'),
  reset: named('Resetting', 200, 'Resetting'),
};

const HALTING = named('Halting', 200, 'Halting');
const CHECK_HALTING = named('CheckHalting', 200, 'Check Halting');

/** The three names of where a plan rests, or rested last. */
export function describeStable({ stable, verification }: Situation): StateNames {
  return stable === 'Ready' ? named('Ready', 100, DEFAULT_NAMES[verification]) : RESTING[stable];
}

/** The three names of a plan's state. */
export function describeState(situation: Situation): StateNames {
  const { active, execution } = situation;
  if (!active || execution === undefined) return describeStable(situation);
  if (execution.haltRequested) return execution.operation === 'check' ? CHECK_HALTING : HALTING;
  return RUNNING[execution.operation];
}
