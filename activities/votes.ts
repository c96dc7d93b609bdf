import type { Verified } from '../src/model/vote.ts';
import type { Deps } from './deps.ts';

/**
 * Looks at a vote: its signature, and the person as the configuration knows them now. Of the roles in the vote only
 * those count that the person still holds, so taking a role away works at once.
 *
 * @param at milliseconds since 1970, the time for which it must not have expired; 0 for any
 */
export async function authenticVote(deps: Deps, jws: string, at = deps.now()): Promise<Verified> {
  const verified = await deps.verifyVote(jws, { at });
  if (!verified.ok) return verified;
  const { vote } = verified;
  const person = deps.person(vote.person);
  if (person === undefined) {
    return { ok: false, id: vote.id, refusal: 'unknownPerson', gate: vote.gate, claimedPerson: vote.person };
  }
  return { ok: true, vote: { ...vote, roles: vote.roles.filter((role) => person.roles.includes(role)) } };
}
