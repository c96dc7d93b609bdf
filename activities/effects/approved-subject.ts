import { ROLLBACK_ID } from '../../src/model/runbook.ts';
import type { CoveredStep, VerifiedVote } from '../../src/model/vote.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { subjectChanges } from '../recheck-gate.ts';
import { planSubject } from '../vro/plan-subject.ts';

/** Of other steps of the run, so many attempts are looked for: nobody tries more often under one approval. */
const MAX_ATTEMPTS = 10;

/**
 * What has changed in a plan since people said yes to a command on it, as sentences. That the run itself has moved the plan
 * meanwhile is no change: that is what they said yes to.
 */
export async function changesSince(
  deps: Deps,
  input: CommandInput,
  { subject, target, path }: CoveredStep,
  votes: readonly VerifiedVote[],
): Promise<string[]> {
  if (subject === undefined) return [];
  const now = await planSubject(deps, target);
  if (now === undefined) return [];
  const isOwnDoing = now.position !== subject.position && (await hasMovedIt(deps, input, target, votes));
  return subjectChanges(path, subject, isOwnDoing ? { ...now, position: subject.position } : now);
}

/** Whether a command that was approved in this run has been sent to the target since these votes were given. */
async function hasMovedIt(
  deps: Deps,
  { run, path: own, attempt: current, covers }: CommandInput,
  target: string,
  votes: readonly VerifiedVote[],
): Promise<boolean> {
  const since = Math.min(...votes.map(({ iat }) => iat * 1_000));
  const covered = covers.flatMap((cover) => cover.covered.filter((step) => step.target === target));
  const paths = new Set([own, ...covered.flatMap(({ path }) => [path, `${path}/${ROLLBACK_ID}`])]);
  for (const path of paths) {
    const last = path === own ? current - 1 : MAX_ATTEMPTS;
    for (let attempt = 1; attempt <= last; attempt += 1) {
      const sent = await deps.stores.intents.latest({ run: run.firstExecutionId, path, attempt });
      if (sent?.target === target && sent.sending && sent.recordedAt >= since) return true;
    }
  }
  return false;
}
