import type { ActionSpec, PlanPosition } from '../../../catalog/index.ts';
import type { Mode } from '../../../model/runbook.ts';

/** Where a plan stands. `unknown` is any of the others: somebody else may have moved it. */
export interface PlanState {
  readonly position: PlanPosition;
  readonly isEnabled: boolean;
  /** Of a plan that is at work: where it comes to rest. */
  readonly goals?: readonly PlanState[];
}

export const UNKNOWN: PlanState = { position: 'unknown', isEnabled: true };
export const HALTED: PlanState = { position: 'halted', isEnabled: true };

/** Where no runbook begins by plan, and from where nobody can say how it goes on. */
const NO_BEGINNING: readonly PlanPosition[] = ['active', 'halted', 'unknown'];

/** Where a plan stands before its first command: where that is legal. */
export function beginningsOf({ legal, leavesEnabled }: ActionSpec): PlanState[] {
  const positions = (legal?.states ?? []).filter((position) => !NO_BEGINNING.includes(position));
  if (positions.length === 0) return [UNKNOWN];
  const modes = leavesEnabled === true ? [true, false] : [true];
  return positions.flatMap((position) => modes.map((isEnabled) => ({ position, isEnabled })));
}

/** What a command would meet: its goal, a state in which it is legal, or one in which it is not. */
export function verdictOn(spec: ActionSpec, state: PlanState, mode: Mode): 'done' | 'legal' | 'illegal' {
  const { legal, doneIn, leadsTo, impact } = spec;
  const { position, isEnabled } = state;
  if (legal === undefined || position === 'unknown') return 'legal';
  if (doneIn?.includes(position) === true) return 'done';
  // What a live run finds done already is not done again; in a drill somebody else has done it.
  const isMove = doneIn === undefined && impact === 'production' && leadsTo !== undefined;
  if (mode === 'live' && isMove && leadsTo.includes(position)) return 'done';
  if (!legal.states.includes(position)) return 'illegal';
  return legal.enabled === true && !isEnabled ? 'illegal' : 'legal';
}

/** Where a plan stands after a command that succeeded. */
export function after(spec: ActionSpec, state: PlanState, { settles }: { settles: boolean }): PlanState[] {
  const { leadsFrom, leadsTo, leavesEnabled, effect, settlesBy } = spec;
  const isEnabled = leavesEnabled ?? state.isEnabled;
  const known = leadsFrom?.[state.position] ?? leadsTo;
  // A command at once changes the plan's mode at most; a longer one of which nothing is said leads anywhere.
  const stays = known === undefined && effect === 'command' && settlesBy === undefined;
  const positions = stays ? [state.position] : known;
  if (positions === undefined) return [UNKNOWN];
  const rest = positions.map((position) => ({ position, isEnabled }));
  if (settles || settlesBy === undefined) return rest;
  return [{ position: 'active', isEnabled, goals: rest }];
}

/** Where a plan comes to rest. */
export function atRest(state: PlanState): readonly PlanState[] {
  return state.position === 'active' ? (state.goals ?? [UNKNOWN]) : [state];
}

/** Whether a command that fails can leave its plan halted: machines are on their way. */
export function canHalt({ leadsTo, impact }: ActionSpec): boolean {
  return impact === 'production' && leadsTo !== undefined && !leadsTo.includes('default');
}

/** A state, for messages. */
export function describeState({ position, isEnabled }: PlanState): string {
  return position === 'default' && !isEnabled ? 'default, but disabled' : position;
}
