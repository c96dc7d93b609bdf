import type { PlanSpec } from '../scenario/plan-spec.ts';

/** What a plan can be busy with. `undoFailback` takes a prepared one back as well; `test` runs in the DataLab. */
export const OPERATIONS = [
  'check',
  'failover',
  'restore',
  'undoFailover',
  'permanentFailover',
  'prepareToFailback',
  'switchover',
  'failback',
  'undoFailback',
  'commitFailback',
  'test',
  'reset',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Where a plan can rest. */
export type StableState =
  | 'Ready'
  | 'FailoverComplete'
  | 'UndoFailoverComplete'
  | 'PermanentFailoverComplete'
  | 'PrepareToFailbackComplete'
  | 'FailbackComplete'
  | 'CommitFailbackComplete'
  | 'RestoreComplete'
  | 'Halted'
  | 'TestHalted';

/** Does one thing per machine, all of which share the operation's duration. */
interface PerMachine {
  readonly name: string;
  readonly actionType: string;
  readonly duration: keyof PlanSpec['durations'];
}

interface Rule {
  /** `own`: the steps the plan has for each machine. `none`: it only takes its time. */
  readonly steps: 'own' | 'none' | PerMachine;
  /** It halts when a critical step fails on a critical machine. An undo goes on whatever fails. */
  readonly halts: boolean;
  /** Where the plan rests when it is over; absent when it rests where it was. */
  readonly leadsTo?: StableState;
}

function perMachine(name: string, actionType: string, duration: keyof PlanSpec['durations']): Rule['steps'] {
  return { name, actionType, duration };
}

/** How each operation goes and ends. Undoing a failback, prepared or done, leads back to the failover. */
export const RULES: Readonly<Record<Operation, Rule>> = {
  check: {
    steps: perMachine('Check license and availability', 'CheckVmLicense', 'check'),
    halts: false,
  },
  failover: { steps: 'own', halts: true, leadsTo: 'FailoverComplete' },
  restore: { steps: 'own', halts: true, leadsTo: 'RestoreComplete' },
  undoFailover: {
    steps: perMachine('Undo replica failover', 'UndoFailover', 'undo'),
    halts: false,
    leadsTo: 'UndoFailoverComplete',
  },
  permanentFailover: {
    steps: perMachine('Make the failover permanent', 'PermanentFailover', 'permanentFailover'),
    halts: false,
    leadsTo: 'PermanentFailoverComplete',
  },
  prepareToFailback: {
    steps: perMachine('Prepare failback to source VM', 'PrepareToFailback', 'prepareToFailback'),
    halts: true,
    leadsTo: 'PrepareToFailbackComplete',
  },
  switchover: {
    steps: perMachine('Switch over to source VM', 'SwitchoverToProduction', 'switchover'),
    halts: true,
    leadsTo: 'FailbackComplete',
  },
  failback: {
    steps: perMachine('Fail back to source VM', 'Failback', 'failback'),
    halts: true,
    leadsTo: 'FailbackComplete',
  },
  undoFailback: {
    steps: perMachine('Undo replica failback', 'UndoFailback', 'undo'),
    halts: false,
    leadsTo: 'FailoverComplete',
  },
  commitFailback: {
    steps: perMachine('Commit replica failback', 'CommitFailback', 'commitFailback'),
    halts: false,
    leadsTo: 'CommitFailbackComplete',
  },
  test: { steps: 'own', halts: true },
  reset: { steps: 'none', halts: false, leadsTo: 'Ready' },
};

/** A run proper: what can be scheduled, and what a chain consists of. */
export function isRun(operation: Operation): boolean {
  return operation === 'failover' || operation === 'restore';
}
