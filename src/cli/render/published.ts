import { table } from './table.ts';

/** What became of a runbook in the lock. */
export interface PublishedChange {
  readonly name: string;
  readonly digest: string;
  readonly change: 'new' | 'changed' | 'none';
}

const SAYS = {
  written: { new: 'published', changed: 'published anew', none: 'was published already' },
  looked: { new: 'NOT published', changed: 'NOT published as it is now', none: 'published' },
} as const;

/** What was published, or with `check` what is not. */
export function publishedLines(
  changes: readonly PublishedChange[],
  { lock, check }: { readonly lock: string; readonly check: boolean },
): string[] {
  const says = check ? SAYS.looked : SAYS.written;
  const rows = changes.map(({ name, digest, change }) => [name, digest.slice(0, 12), says[change]]);
  return [...table(['RUNBOOK', 'DIGEST', ''], rows), '', `${check ? 'Looked at' : 'Lock'}: ${lock}`];
}
