import { patched } from '@temporalio/workflow';

/**
 * Changes of what runs do that open runs from before them must not make. Each has the day it came and when it can go.
 */

/**
 * Gates tell people that they opened, wait and have closed; they remind and escalate; what an approval covers is looked at
 * again when its rules are met.
 *
 * Since 2026-11-21. To be removed when no run from before is open and the histories of v0.1.0 are no longer replayed.
 */
export function gatesTell(): boolean {
  return patched('gates-tell');
}

/**
 * Answers that did not count are written into the store.
 *
 * Since 2026-11-21. To be removed when no run from before is open and the histories of v0.1.0 are no longer replayed.
 */
export function refusalsAreKept(): boolean {
  return patched('refusals-kept');
}
