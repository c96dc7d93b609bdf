import { matchesName } from './name-pattern.ts';

/** For which runbooks (patterns of names) people may answer otherwise than by themselves and together. */
export interface EmergencyRules {
  /** An answer that was spoken on the phone and entered by two witnesses counts. */
  readonly spoken: readonly string[];
  /** One person may approve alone, as a deviation. */
  readonly breakGlass: readonly string[];
}

/** The same for one runbook. */
export interface EmergencyWays {
  readonly spoken: boolean;
  readonly breakGlass: boolean;
}

/** What the rules allow for a runbook; without rules nothing. */
export function emergencyFor(
  { spoken, breakGlass }: EmergencyRules = { spoken: [], breakGlass: [] },
  runbook: string,
): EmergencyWays {
  const allows = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesName(pattern, runbook));
  return { spoken: allows(spoken), breakGlass: allows(breakGlass) };
}
