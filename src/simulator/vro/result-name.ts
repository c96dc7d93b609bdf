import { latestAttempts } from '../world/timeline.ts';
import type { PlanNow } from '../world/world.ts';

function counted(count: number, noun: string): string {
  if (count === 0) return `no ${noun}s`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** How VRO sums an execution up: `Complete, no errors, 1 warning`. Empty for a plan that has not run. */
export function resultNameOf({ situation, now }: PlanNow): string {
  const { execution, active } = situation;
  if (execution === undefined || execution.operation === 'reset') return '';
  if (active) return 'Running';
  const latest = [...latestAttempts(execution.attempts, now).values()];
  const errors = latest.filter((attempt) => attempt.result === 'Error').length;
  const warnings = latest.filter((attempt) => attempt.result === 'Warning').length;
  const how = execution.end.kind === 'completed' ? 'Complete' : 'Halted';
  return `${how}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
}
