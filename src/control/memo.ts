/**
 * What Temporal keeps with a run from its start, through every continue-as-new: what it shows of an execution is when that
 * execution began, and the first one may be gone already.
 */
const STARTED_AT = 'musterStartedAt';

/** What a run carries from its start. `startedAt` is in milliseconds since 1970. */
export function memoOf({ startedAt }: { readonly startedAt: number }): Record<string, unknown> {
  return { [STARTED_AT]: startedAt };
}

/** When the run of an execution began, in milliseconds since 1970. A run of an older muster has no memo. */
export function startOf({
  startTime,
  memo,
}: {
  readonly startTime: Date;
  readonly memo?: Readonly<Record<string, unknown>>;
}): number {
  const executionBegan = startTime.getTime();
  const runBegan = memo?.[STARTED_AT];
  // Never after its present execution, whatever the clock of the starter said.
  return typeof runBegan === 'number' ? Math.min(runBegan, executionBegan) : executionBegan;
}
