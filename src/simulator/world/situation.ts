import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { Schedule } from './commands.ts';
import type { StableState } from './operations.ts';
import type { Execution, Result, Trouble } from './timeline.ts';

/** `InUse` from the start of a failover or restore until the plan is reset. */
export type Mode = 'Enabled' | 'Disabled' | 'InUse';
export type Verification = PlanSpec['verification'];

/** A line of a plan's change log. */
export interface Change {
  /** Simulated milliseconds. */
  readonly at: number;
  /** The user or API client; `console` for somebody in the product's own console. */
  readonly by: string;
  readonly what: string;
}

/**
 * All that has happened to a plan, folded. The course of a running operation is part of it, future included, so that
 * what a client sees is a pure function of this and the time.
 */
export interface Situation {
  /** Where the plan rests, or rested before what runs now. */
  readonly stable: StableState;
  readonly mode: Mode;
  readonly verification: Verification;
  /** What runs, or ran last. */
  readonly execution: Execution | undefined;
  /** What ran before, oldest first. */
  readonly past: readonly Execution[];
  readonly active: boolean;
  /** Of a running test: before its first step, during them, after its last. */
  readonly testPhase: 'pending' | 'running' | 'poweringOff';
  readonly runResult: Result;
  readonly testResult: Result;
  readonly checkResult: Result;
  /** Whether RuntimeDetails still know the execution; a reboot empties them, or worse, rewinds them. */
  readonly details: 'shown' | 'emptied' | 'rewound';
  readonly checkAfterReset: boolean;
  readonly schedule: Schedule | undefined;
  /** Whether the plans scheduled after this one shall follow, and since when they may. */
  readonly chain: Readonly<{ wanted: boolean; dueAt: number | undefined }>;
  /** Where the last restore went, when that was not the plan's own recovery location. */
  readonly restoredTo: string | undefined;
  readonly changes: readonly Change[];
  readonly troubles: readonly Trouble[];
}

/** A plan as it is at one moment. */
export interface PlanNow {
  readonly spec: PlanSpec;
  readonly situation: Situation;
  /** The moment, in simulated milliseconds. */
  readonly now: number;
}

export const NO_CHAIN: Situation['chain'] = { wanted: false, dueAt: undefined };

export function initially(plan: Pick<PlanSpec, 'mode' | 'verification'>): Situation {
  return {
    stable: 'Ready',
    mode: plan.mode,
    verification: plan.verification,
    execution: undefined,
    past: [],
    active: false,
    testPhase: 'pending',
    runResult: 'Undefined',
    testResult: 'Undefined',
    checkResult: plan.verification === 'Verified' ? 'Success' : 'Undefined',
    details: 'shown',
    checkAfterReset: false,
    schedule: undefined,
    chain: NO_CHAIN,
    restoredTo: undefined,
    changes: [],
    troubles: [],
  };
}
