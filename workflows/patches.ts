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

/**
 * Runs tell the ledger what they do.
 *
 * Since 2026-11-22. To be removed when no run from before is open and the histories of v0.1.0 are no longer replayed.
 */
export function tellsLedger(): boolean {
  return patched('ledger');
}

/**
 * What runs tell the ledger is in their history first, as the input of a command or of an activity of its own. Within the
 * workflow task it was told before the history had it: a worker that died then left entries of what the next one did again, at
 * another time.
 *
 * Since 2026-11-22. To be removed when no run from before is open and the histories of v0.1.0 are no longer replayed.
 */
export function tellsByActivity(): boolean {
  return patched('ledger-by-activity');
}
