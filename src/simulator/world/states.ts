import type { Operation, StableState } from './operations.ts';
import type { Situation, Verification } from './situation.ts';

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
  PermanentFailoverComplete: named('PermanentFailoverComplete', 300, 'Permanent Failover'),
  PrepareToFailbackComplete: named('PrepareToFailbackComplete', 300, 'Prepare for Failback'),
  FailbackComplete: named('FailbackComplete', 300, 'Failback'),
  CommitFailbackComplete: named('CommitFailbackComplete', 300, 'Commit Failback'),
  RestoreComplete: named('RestoreComplete', 300, 'Restored'),
  Halted: named('Halted', 400, 'Halted'),
  TestHalted: named('TestHalted', 400, 'Testing Halted'),
};

const RUNNING: Readonly<Record<Exclude<Operation, 'test'>, StateNames>> = {
  check: named('CheckRunning', 200, 'Checking'),
  failover: named('FailoverRunning', 200, 'Failover'),
  restore: named('RestoreRunning', 200, 'Restore'),
  undoFailover: named('UndoFailoverRunning', 200, 'Undo Failover'),
  permanentFailover: named('PermanentFailoverRunning', 200, 'Permanent Failover'),
  prepareToFailback: named('PrepareToFailbackRunning', 200, 'Prepare for Failback'),
  switchover: named('SwitchoverRunning', 200, 'Switchover to Production'),
  failback: named('FailbackRunning', 200, 'Failback'),
  undoFailback: named('UndoFailbackRunning', 200, 'Undo Failback'),
  commitFailback: named('CommitFailbackRunning', 200, 'Commit Failback'),
  reset: named('Resetting', 200, 'Resetting'),
};

const TESTING: Readonly<Record<Situation['testPhase'], StateNames>> = {
  pending: named('TestPending', 200, 'Test Pending'),
  running: named('TestRunning', 200, 'Testing'),
  poweringOff: named('TestPoweringOff', 200, 'Powering Off'),
};

const HALTING = named('Halting', 200, 'Halting');
const CHECK_HALTING = named('CheckHalting', 200, 'Check Halting');
const TEST_HALTING = named('TestHalting', 200, 'Test Halting');

/** The three names of where a plan rests, or rested last. */
export function describeStable({ stable, verification }: Situation): StateNames {
  return stable === 'Ready' ? named('Ready', 100, DEFAULT_NAMES[verification]) : RESTING[stable];
}

/** `lastStableStateName`. The documented example calls a restored plan's `Restore`, not `Restored`. */
export function lastStableNameOf(situation: Situation): string {
  return situation.stable === 'RestoreComplete' ? 'Restore' : describeStable(situation).stateName;
}

/** The three names of a plan's state. */
export function describeState(situation: Situation): StateNames {
  const { active, execution, testPhase } = situation;
  if (!active || execution === undefined) return describeStable(situation);
  const { operation, haltRequested } = execution;
  switch (operation) {
    case 'check':
      return haltRequested ? CHECK_HALTING : RUNNING.check;
    case 'test':
      return haltRequested ? TEST_HALTING : TESTING[testPhase];
    case 'failover':
    case 'restore':
    case 'undoFailover':
    case 'permanentFailover':
    case 'prepareToFailback':
    case 'switchover':
    case 'failback':
    case 'undoFailback':
    case 'commitFailback':
    case 'reset':
      return haltRequested ? HALTING : RUNNING[operation];
  }
}
