import type { DryRunStep } from '../../cli/dry-run-report.ts';

/** What was found about one step, before it has a place in the report. */
export type Finding = Pick<DryRunStep, 'verdict' | 'says' | 'code'>;

/** Results in one line are cut to this many characters. */
const MAX_SHOWN = 160;

/** A value on one line, cut. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN - 1)}…`;
}

/** What cannot be told yet. */
export function laterBecause(dependsOn: readonly string[], what: string): Finding {
  const steps = dependsOn.join(', ');
  return {
    verdict: 'later',
    says: [`${what} depends on what comes of ${steps}, which is not known before the run.`],
  };
}
