import type { PlanNow } from '../world/situation.ts';
import type { Execution } from '../world/timeline.ts';
import { latestAttempts } from '../world/timeline.ts';

/** Of executions that have ended: a list of 500 plans is asked for often. */
const ended = new WeakMap<Execution, string>();

function counted(count: number, noun: string): string {
  if (count === 0) return `no ${noun}s`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** How VRO sums an execution up: `Complete, no errors, 1 warning`. Empty for a plan that has not run. */
export function resultNameOf({ situation, now }: PlanNow): string {
  const { execution, active } = situation;
  if (execution === undefined || execution.operation === 'reset') return '';
  if (active) return 'Running';
  const known = ended.get(execution) ?? summed(execution, now);
  ended.set(execution, known);
  return known;
}

function summed(execution: Execution, now: number): string {
  let [errors, warnings] = [0, 0];
  for (const { result } of latestAttempts(execution.attempts, now).values()) {
    if (result === 'Error') errors += 1;
    if (result === 'Warning') warnings += 1;
  }
  const how = execution.end.kind === 'completed' ? 'Complete' : 'Halted';
  return `${how}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
}
