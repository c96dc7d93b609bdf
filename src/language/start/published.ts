import type { CompiledRunbook, Mode } from '../../model/runbook.ts';
import type { StartProblems } from './problems.ts';

export interface PublishingRules {
  /** Reviewed runbooks, SHA-256 by name; absent: live runs need no review. */
  readonly published?: ReadonlyMap<string, string>;
}

/** Refuses a live run of a runbook that nobody has reviewed as it is now. Its sub-runbooks are pinned by its digest. */
export function checkPublished(
  { name }: CompiledRunbook,
  { mode, digest, rules: { published } }: { mode: Mode; digest: string | undefined; rules: PublishingRules },
  problems: StartProblems,
): void {
  if (mode !== 'live' || published === undefined) return;
  const reviewed = published.get(name);
  if (reviewed !== undefined && reviewed === digest) return;
  const message =
    reviewed === undefined
      ? `\`${name}\` is not published, so it cannot run live.`
      : `\`${name}\` has changed since it was published, so it cannot run live.`;
  problems.atTop(
    'NOT_PUBLISHED',
    message,
    'Have it reviewed and run `npx muster publish` on it, or run it as a drill.',
  );
}
