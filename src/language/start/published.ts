import type { CompiledRunbook, Mode } from '../../model/runbook.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { StartProblems } from './problems.ts';

export interface PublishingRules {
  /** Reviewed runbooks, SHA-256 by name; absent: live runs need no review. */
  readonly published?: ReadonlyMap<string, string>;
}

/** What is started: a runbook by its name, and the SHA-256 of its canonical JSON. */
interface Started {
  readonly mode: Mode;
  readonly digest: string | undefined;
  readonly rules: PublishingRules;
}

/** What speaks against running a runbook again as it ran: its text may be gone, so the runbook is all there is to point at. */
export function publishedProblems(name: string, started: Started): readonly Diagnostic[] {
  const problems = new StartProblems({
    file: name,
    steps: new Map(),
    inputs: new Map(),
    vars: new Map(),
  });
  checkPublished({ name }, started, problems);
  return problems.all();
}

/** Refuses a live run of a runbook that nobody has reviewed as it is now. Its sub-runbooks are pinned by its digest. */
export function checkPublished(
  { name }: Pick<CompiledRunbook, 'name'>,
  { mode, digest, rules: { published } }: Started,
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
