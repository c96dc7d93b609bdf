import { refusalOf, type ApprovalPolicy } from './approval.ts';
import { missingAt, pastVote } from './cast.ts';
import { without } from './json.ts';
import type { Gate, VoidedVotes } from './run.ts';
import { askedFor } from './seats.ts';
import { REFUSALS, type Verified, type VerifiedVote } from './vote.ts';

/** How many times that votes were void are kept in full. */
const MAX_VOIDED = 10;

/** A gate that is about something else than before: nobody has answered that yet, and its time goes on. */
export function reopened(
  gate: Gate,
  opened: Pick<Gate, 'nonce' | 'digest' | 'covered'>,
  reasons: readonly string[],
  at: number,
): Gate {
  return {
    ...without(gate, ['closedAt', 'closedBy', 'deviation']),
    ...opened,
    votes: [],
    missing: askedFor(gate.policy.rules),
    voided: withVoided(gate, { at, reasons, votes: gate.votes.map(pastVote) }),
  };
}

/**
 * A gate whose rules were met, counted again with the people in its votes as they are now. It is open again when they are not
 * met any more.
 *
 * @param now what was found of each of its votes, in their order
 */
export function recounted(
  gate: Gate,
  now: readonly Verified[],
  { at, previous = [] }: { readonly at: number; readonly previous?: readonly string[] },
): Gate {
  const policy: ApprovalPolicy = { ...gate.policy, previous };
  const counted: VerifiedVote[] = [];
  const gone: VoidedVotes[] = [];
  for (const [index, vote] of gate.votes.entries()) {
    const found = now[index];
    const refusal =
      found?.ok === true ? refusalOf(found.vote, policy, counted) : (found?.refusal ?? 'malformed');
    if (refusal === undefined && found?.ok === true) counted.push(found.vote);
    else {
      gone.push({
        at,
        reasons: [`${vote.person}: ${REFUSALS[refusal ?? 'malformed']}`],
        votes: [pastVote(vote)],
      });
    }
  }
  if (gone.length === 0) return gate;
  const missing = missingAt(gate, counted);
  const isAlone = counted.some(({ deviation }) => deviation !== undefined);
  const left = isAlone ? gate : without(gate, ['deviation']);
  return {
    ...(missing === undefined ? left : without(left, ['closedAt', 'closedBy'])),
    votes: counted,
    missing: missing ?? [],
    voided: withVoided(gate, ...gone),
  };
}

function withVoided({ voided = [] }: Gate, ...more: VoidedVotes[]): VoidedVotes[] {
  return [...voided, ...more].slice(-MAX_VOIDED);
}
