import { deviationText } from '../../model/approvers.ts';
import type { StepRecord } from '../../model/run.ts';
import { styled } from './style.ts';

/** Where one person has approved alone. Nobody may read past it. */
export function deviationLines(steps: readonly StepRecord[]): string[] {
  return steps.flatMap(({ path, deviation }) =>
    deviation === undefined
      ? []
      : [styled(['bold', 'red'], `DEVIATION at ${path}. ${deviationText(deviation)}`)],
  );
}
