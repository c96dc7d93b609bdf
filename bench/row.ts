import { spreadOf, type Spread } from './statistics.ts';

/** What a row counts in. A ratio has no unit. */
export type Unit = 'ms' | 'ms a step' | 'events' | 'transitions' | 'polls' | 'commits' | 'hashes' | '';

/** One line of the table: a figure, how it spreads, and what it shall be. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly spread: Spread;
  /** Absent: the figure is there to explain others. */
  readonly goal?: Goal;
}

/** What a figure shall be. */
export interface Goal {
  readonly bound: 'atMost' | 'atLeast';
  readonly value: number;
  /** Which part of the sample is held to it. Default: the median. */
  readonly by?: 'median' | 'max';
}

/** A row of one or many measured values. @throws RangeError for none */
export function row(what: string, unit: Unit, values: number | readonly number[], goal?: Goal): Row {
  const spread = spreadOf(typeof values === 'number' ? [values] : values);
  return { what, unit, spread, ...(goal === undefined ? {} : { goal }) };
}

export function atMost(value: number, by: 'median' | 'max' = 'median'): Goal {
  return { bound: 'atMost', value, by };
}

/** Whether the goal is met; undefined for a row without one. */
export function isMet({ goal, spread }: Row): boolean | undefined {
  if (goal === undefined) return undefined;
  const judged = spread[goal.by ?? 'median'];
  return goal.bound === 'atMost' ? judged <= goal.value : judged >= goal.value;
}
