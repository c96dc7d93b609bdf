import type { z } from 'zod';
import type { ActionFacts } from '../model/runbook.ts';
import type { ActionSpec } from './action.ts';
import { CHECK_ACTIONS } from './check-actions.ts';
import { NOTIFY_ACTIONS } from './notify-actions.ts';
import { ONE_ACTIONS } from './one-actions.ts';
import { VBR_ACTIONS } from './vbr-actions.ts';
import { VRO_ACTIONS } from './vro-actions.ts';

export { DURATION_PATTERN } from './action.ts';
export type { ActionSpec, Confidence, LegalStates, PlanPosition, System } from './action.ts';
export type { MissedRpo, RpoFinding } from './one-outputs.ts';
export type { FailedReplica, SettledSessions } from './vbr-outputs.ts';
export type { FailedVm, SettledPlan } from './vro-outputs.ts';
export { positionOf, PLAN_STATES } from './vro-states.ts';

/** Every action a runbook can use, by name. */
export const CATALOG = {
  ...VRO_ACTIONS,
  ...VBR_ACTIONS,
  ...ONE_ACTIONS,
  ...CHECK_ACTIONS,
  ...NOTIFY_ACTIONS,
};

export type ActionName = keyof typeof CATALOG;
/** What an action is given, after its schema has read it. */
export type InputOf<Name extends ActionName> = z.output<(typeof CATALOG)[Name]['input']>;
/** What an action answers. */
export type OutputOf<Name extends ActionName> = z.output<(typeof CATALOG)[Name]['output']>;

/** The names of all actions with this effect. */
export type NamesWithEffect<E extends ActionFacts['effect']> = {
  [Name in ActionName]: (typeof CATALOG)[Name]['effect'] extends E ? Name : never;
}[ActionName];

/** Whether `name` is an action of the catalog. */
export function isActionName(name: string): name is ActionName {
  return Object.hasOwn(CATALOG, name);
}

/** The declaration of an action. */
export function specOf(name: ActionName): ActionSpec {
  return CATALOG[name];
}

/** What the interpreter has to know of an action, to be copied into a compiled runbook. */
export function factsOf(name: ActionName): ActionFacts {
  const { effect, impact, undo, settlesBy, target, timeoutMs } = specOf(name);
  return {
    effect,
    impact,
    undo,
    timeoutMs,
    ...(settlesBy === undefined ? {} : { settlesBy }),
    ...(target === undefined ? {} : { target }),
  };
}
