import type { RunState } from './run-state.ts';

/**
 * The achieved recovery time: from the start of the first command that can touch production to the end of the last
 * check after it, in milliseconds. Undefined until both have happened. Cleanup does not count.
 */
export function achievedRto({
  runbook,
  records,
  loops,
}: Pick<RunState, 'runbook' | 'records' | 'loops'>): number | undefined {
  let start: number | undefined;
  let end: number | undefined;
  for (const step of loops.walk(runbook.steps)) {
    const { startedAt, endedAt, outcome } = records.get(step.path) ?? {};
    if (startedAt === undefined) continue;
    if (step.kind === 'uses' && step.action.effect === 'command' && step.action.impact === 'production') {
      start = Math.min(start ?? startedAt, startedAt);
    }
    const isCheck = step.kind === 'check' || (step.kind === 'uses' && step.uses.endsWith('.check'));
    if (isCheck && endedAt !== undefined && (outcome === 'succeeded' || outcome === 'warned')) {
      end = Math.max(end ?? endedAt, endedAt);
    }
  }
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}
