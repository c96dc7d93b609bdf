import type { VbrCalls } from './calls.ts';
import type { VBR_OPERATIONS } from './operations.ts';

/**
 * Throws veeam.badInput when a list of ids is empty: what a server makes of "fail over nothing"
 * (nothing, or everything) is not documented.
 */
export function requireIds(
  calls: VbrCalls,
  verb: keyof typeof VBR_OPERATIONS,
  lists: Readonly<Record<string, readonly string[] | undefined>>,
): void {
  for (const [name, ids] of Object.entries(lists)) {
    if (ids === undefined || ids.length === 0 || ids.includes('')) {
      throw calls.error(
        'veeam.badInput',
        verb,
        `${name} must name at least one object, and none by an empty id`,
      );
    }
  }
}
