import { voteDigest, type PersonNow } from '../src/identity/index.ts';
import { rolesFor } from '../src/model/actor.ts';
import { without } from '../src/model/json.ts';
import { isRunRequest, type Refusal, type Verified, type VerifiedVote } from '../src/model/vote.ts';
import type { Deps } from './deps.ts';
import { aloneObjection, spokenObjection } from './emergency.ts';

/** For which run a vote is looked at, and when. */
export interface VoteLook {
  /** The name of the runbook: roles may be held for some only. */
  readonly runbook: string;
  /** Milliseconds since 1970, the time for which it must not have expired; 0 for any. Default now. */
  readonly at?: number;
}

/**
 * Looks at a vote: its signature, the people in it as they are now, and what the identity provider says to it. Of the roles in
 * the vote only those count that are still held, so taking a role away, or a person, works at once.
 */
export async function authenticVote(
  deps: Deps,
  jws: string,
  { runbook, at = deps.now() }: VoteLook,
): Promise<Verified> {
  const verified = await deps.verifyVote(jws, { at });
  if (!verified.ok) return verified;
  const { vote } = verified;
  const person = await deps.person(vote.person);
  const authority = vote.for === undefined ? person : await deps.person(vote.for);
  const objection =
    objectionTo(person) ??
    emergencyObjection(deps, vote, person, runbook) ??
    (vote.for === undefined ? undefined : await delegationObjection(deps, vote, authority)) ??
    // In whose name it is spoken, that person has signed nothing: others vouch for it.
    (vote.assurance === 'spoken'
      ? await spokenObjection(deps, vote, runbook)
      : await proofObjection(deps, vote, person));
  if (objection !== undefined || authority === undefined) {
    const refusal = objection ?? 'unknownPerson';
    return { ok: false, id: vote.id, refusal, gate: vote.gate, claimedPerson: vote.person };
  }
  const held = rolesFor(authority.grants, runbook);
  const roles = vote.for === undefined ? vote.roles.filter((role) => held.includes(role)) : held;
  return { ok: true, vote: { ...vote, roles } };
}

function objectionTo(person: PersonNow | undefined): Refusal | undefined {
  if (person === undefined) return 'unknownPerson';
  if (person.revoked !== undefined) return 'revoked';
  return person.kind === 'service' ? 'notAPerson' : undefined;
}

/** An emergency account may approve only alone, which is a deviation; and that only who may, where it is allowed. */
function emergencyObjection(
  deps: Deps,
  { deviation, decision }: VerifiedVote,
  person: PersonNow | undefined,
  runbook: string,
): Refusal | undefined {
  if (deviation !== undefined) return aloneObjection(deps, person, runbook);
  const isOrdinary = decision === 'approve' || decision === 'reject' || decision === 'answer';
  return isOrdinary && person?.kind === 'break-glass' ? 'notOrdinary' : undefined;
}

/** Somebody stands for another only while that other lets them, and is somebody still. */
async function delegationObjection(
  deps: Deps,
  { for: from = '', person: to, iat }: VerifiedVote,
  authority: PersonNow | undefined,
): Promise<Refusal | undefined> {
  const objection = objectionTo(authority);
  if (objection !== undefined) return objection;
  return (await deps.isDelegated({ from, to, at: iat * 1_000 })) ? undefined : 'notDelegated';
}

/**
 * A vote of somebody whom an identity provider vouches for carries the provider's own signature over what it says: our signing
 * key alone makes no such vote.
 */
async function proofObjection(
  deps: Deps,
  vote: VerifiedVote,
  person: PersonNow | undefined,
): Promise<Refusal | undefined> {
  // Whoever has to stop a run has no time for another login, and stopping it sends nothing.
  if (isRunRequest(vote.decision)) return undefined;
  if (person === undefined || !deps.needsProof(person)) return undefined;
  const proof = (await deps.stores.votes.find(vote.id))?.proof;
  if (proof === undefined) return 'proofMissing';
  const proven = await deps.proofOf(proof, {
    nonce: voteDigest(without(vote, ['jws'])),
    now: vote.iat * 1_000,
  });
  return proven === vote.person ? undefined : 'proofInvalid';
}
