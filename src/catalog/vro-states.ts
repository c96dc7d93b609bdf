import type { PlanPosition } from './action.ts';

/**
 * VRO's `state` codes, as data: most are not documented, so nothing but this table knows them. `RestoreComplete` is
 * certain; the others follow its pattern (docs/veeam.md). A code that is not listed is `unknown`, unless the flags say
 * that something is running.
 */
export const PLAN_STATES: Readonly<Record<string, PlanPosition>> = {
  Ready: 'default',
  NeedsVerified: 'default',
  NotVerified: 'default',
  Verified: 'default',
  Halted: 'halted',
  TestHalted: 'halted',
  FailoverComplete: 'failover',
  UndoFailoverComplete: 'undone',
  PermanentFailoverComplete: 'permanent',
  PrepareToFailbackComplete: 'prepareToFailback',
  FailbackComplete: 'failback',
  // Undoing a failback leads back to the failover (VRO user guide, "Undoing Failback").
  UndoFailbackComplete: 'failover',
  CommitFailbackComplete: 'committed',
  RestoreComplete: 'restored',
};

/**
 * Where a plan stands, by its flags first and the table of state codes second.
 *
 * @param states what a site knows better than the table
 */
export function positionOf(
  plan: {
    readonly state: string;
    readonly isRunningState?: boolean | undefined;
    readonly isStableState?: boolean | undefined;
  },
  states: Readonly<Record<string, PlanPosition>> = {},
): PlanPosition {
  if (plan.isRunningState === true) return 'active';
  const known = Object.hasOwn(states, plan.state) ? states[plan.state] : PLAN_STATES[plan.state];
  return known ?? (plan.isStableState === false ? 'active' : 'unknown');
}
