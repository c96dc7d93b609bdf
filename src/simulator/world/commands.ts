import type { Trouble } from './timeline.ts';

export const CONTINUE_OPTIONS = [
  'ProceedToNextVm',
  'ProceedToNextGroup',
  'ProceedToNextStep',
  'RetryFailedStep',
  'RetryFailedVm',
  'RetryFailedGroup',
] as const;
export type ContinueOption = (typeof CONTINUE_OPTIONS)[number];

/** When a plan runs by itself: once, at a time, or whenever another plan has run with its chain. */
export type Schedule =
  | Readonly<{ kind: 'at'; at: number; scan: boolean }>
  | Readonly<{ kind: 'after'; planId: string; scan: boolean }>;

/** What a client, or somebody at the console, can ask of a plan: named as in VRO's paths where it has one. */
export type Command =
  | Readonly<{
      action:
        | 'Enable'
        | 'Disable'
        | 'ReadinessCheck'
        | 'Undo'
        | 'PermanentFailover'
        | 'PrepareToFailback'
        | 'SwitchoverToProduction'
        | 'FailbackToProduction'
        | 'CommitFailback'
        | 'ResetChangeLog'
        | 'DeleteSchedule'
        /** A test in the DataLab. Only the console has it. */
        | 'StartTest';
    }>
  | Readonly<{ action: 'Failover'; executeChainedPlans?: boolean }>
  | Readonly<{
      action: 'Restore';
      executeChainedPlans?: boolean;
      /** Absent: the plan's own. */
      restoreLocationId?: string | undefined;
      /** Every machine is scanned for malware first. */
      scan?: boolean;
    }>
  /** With `fullStop`, the plans that are chained after the halted one do not run either. */
  | Readonly<{ action: 'Halt'; fullStop?: boolean }>
  | Readonly<{ action: 'Continue'; option: ContinueOption }>
  | Readonly<{ action: 'ResetState'; executeReadinessCheck: boolean }>
  | Readonly<{ action: 'Schedule'; schedule: Schedule }>;

export type Action = Command['action'];

/** Everything that can happen to a plan. */
export type Happening =
  | Command
  | Readonly<{ action: 'reboot'; rewound: boolean }>
  | Readonly<{ action: 'trouble'; trouble: Trouble }>
  | Readonly<{ action: 'calm'; trouble?: string }>
  /** The plans chained after this one have been started. */
  | Readonly<{ action: 'chained' }>;
