import type { Entries } from './entries.ts';
import { atFile, quoted } from './problem.ts';
import { voteFile, type CastVote } from './votes.ts';

/**
 * Whether nobody in a vote was revoked before it counted, and whoever answers for another may.
 *
 * @param until the position at which it counted
 * @throws EvidenceProblem `evidence.voteRevoked`, `evidence.notDelegated`
 */
export function assertMayAnswer(entries: Entries, { position, vote }: CastVote, until: number): void {
  const { id, person, for: delegator } = vote;
  for (const one of delegator === undefined ? [person] : [person, delegator]) {
    if (isRevoked(entries, one, until)) {
      throw atFile('evidence.voteRevoked', voteFile(id), `${quoted(one)} was revoked.`);
    }
  }
  if (
    delegator === undefined ||
    isDelegated(entries, { from: delegator, to: person, at: vote.iat * 1_000, position })
  ) {
    return;
  }
  throw atFile(
    'evidence.notDelegated',
    voteFile(id),
    `${quoted(person)} answers for ${quoted(delegator)} without being let.`,
  );
}

/** Whether somebody was revoked before a position in the ledger, and nobody has let them in again. */
export function isRevoked(entries: Entries, person: string, until: number): boolean {
  const last = entries
    .of('identity')
    .filter(({ position, entry }) => position < until && entry.person === person)
    .map(({ entry }) => entry.event)
    .filter((event) => event === 'personRevoked' || event === 'personReinstated')
    .at(-1);
  return last === 'personRevoked';
}

function isDelegated(
  entries: Entries,
  { from, to, at, position: until }: { from: string; to: string; at: number; position: number },
): boolean {
  const ended = new Set(
    entries.of('delegation.ended').flatMap(({ position, entry }) => (position < until ? [entry.id] : [])),
  );
  return entries
    .of('delegation')
    .some(
      ({ position, entry }) =>
        position < until &&
        entry.actor === from &&
        entry.to === to &&
        entry.begins <= at &&
        at < entry.ends &&
        !ended.has(entry.id),
    );
}
