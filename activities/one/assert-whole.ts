import { StepError } from '../step-error.ts';

/**
 * Makes sure that a collection was read to its end: what is missing may be what matters.
 *
 * @throws StepError `veeam.tooLarge`
 */
export function assertWhole(
  connection: string,
  { data, total }: { readonly data: readonly unknown[]; readonly total: number },
): void {
  if (data.length >= total) return;
  throw new StepError(
    'veeam.tooLarge',
    `${connection} has ${total} items, of which ${data.length} could be read. Ask for fewer of them, or use a connection whose account sees fewer.`,
  );
}
