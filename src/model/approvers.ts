import type { StepRecord } from './run.ts';
import { peopleIn } from './seats.ts';
import type { VerifiedVote } from './vote.ts';

/**
 * Who has said yes at another approval of a run, for `previous-approver`: with their own right, or in somebody's place.
 *
 * @param except paths of the approvals that do not count as others: the one that is asked, and the one whose rules it takes
 */
export function approversBeside(records: Iterable<StepRecord>, except: readonly string[]): string[] {
  const people = new Set<string>();
  for (const { path, gate, grantedBy = [] } of records) {
    if (except.includes(path)) continue;
    for (const person of grantedBy) people.add(person);
    if (gate?.kind !== 'approval') continue;
    for (const person of sayingYes(gate.votes)) people.add(person);
  }
  return [...people];
}

/** Everybody who is in a yes. */
export function sayingYes(votes: readonly VerifiedVote[]): string[] {
  return votes.filter(({ decision }) => decision === 'approve').flatMap(peopleIn);
}

/** Who said yes, as people read it. */
export function spokenApprovers(votes: readonly Pick<VerifiedVote, 'person' | 'for'>[]): string {
  return votes.map(spokenVoter).join(' and ');
}

/** Who answered, and in whose place. */
export function spokenVoter({ person, for: delegator }: Pick<VerifiedVote, 'person' | 'for'>): string {
  return delegator === undefined ? person : `${person} (for ${delegator})`;
}
