import type { Deviation, StepRecord } from './run.ts';
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
export function spokenApprovers(votes: readonly NamedVote[]): string {
  return votes.map(spokenVoter).join(' and ');
}

/** Who answered, in whose place, and how if not by themselves. */
export function spokenVoter({ person, for: delegator, heardBy, deviation }: NamedVote): string {
  const notes = [
    ...(delegator === undefined ? [] : [`for ${delegator}`]),
    ...(heardBy === undefined ? [] : [heardNote(heardBy)]),
    ...(deviation === undefined ? [] : ['BREAK-GLASS']),
  ];
  return notes.length === 0 ? person : `${person} (${notes.join('; ')})`;
}

/** What is said of a spoken vote wherever it is shown. */
export function heardNote(heardBy: readonly string[]): string {
  return `spoken, heard by ${heardBy.join(' and ')}`;
}

/** That somebody approved alone, loudly. */
export function deviationText({ by, isStarter, reason }: Deviation): string {
  const who = isStarter === true ? `${by} alone, who also STARTED the run` : `${by} alone`;
  return `BREAK-GLASS: approved by ${who}, not by the rules of this approval: ${reason}`;
}

/** The part of a vote by which people are told of it. */
type NamedVote = Pick<VerifiedVote, 'person' | 'for' | 'heardBy' | 'deviation'>;
