import { excludedBy, type ApprovalPolicy } from './approval.ts';
import type { Refusal, VoteClaims } from './vote.ts';

/** The second witness has to enter what they heard within this time. */
export const HEARD_WITHIN_MS = 15 * 60_000;
/** Wrong codes that one person may enter at one opening of a gate. */
export const MAX_WRONG_CODES = 5;

/** What one witness has heard an approver say, with the code that was read to them. Times are milliseconds since 1970. */
export interface HeardVote {
  /** The first execution id of the run. */
  readonly run: string;
  /** The workflow id. */
  readonly runId: string;
  readonly gate: string;
  readonly nonce: string;
  readonly digest: string;
  readonly approver: string;
  readonly decision: 'approve' | 'reject';
  readonly comment?: string;
  readonly witness: string;
  readonly code: string;
  readonly at: number;
}

/**
 * Why somebody may not witness what an approver says, or undefined when they may. Whoever is excluded from answering is no
 * witness either, but for the starter of the run: they are on the phone at night. They are one witness only, so there is
 * always somebody else.
 */
export function witnessRefusal(
  { witness, approver }: Pick<HeardVote, 'witness' | 'approver'>,
  policy: ApprovalPolicy,
): Refusal | undefined {
  if (witness === approver) return 'ownWitness';
  const exclude = policy.exclude.filter((kind) => kind !== 'starter');
  return excludedBy({ ...policy, exclude }).includes(witness) ? 'excluded' : undefined;
}

/** Whether two witnesses have heard exactly this vote, the one soon after the other. */
export function isHeard(vote: VoteClaims, heard: readonly HeardVote[]): boolean {
  const [one, other, ...more] = heard;
  if (one === undefined || other === undefined || more.length > 0) return false;
  const witnesses = [one.witness, other.witness].sort();
  const named = [...(vote.heardBy ?? [])].sort();
  return (
    witnesses[0] !== witnesses[1] &&
    named.length === 2 &&
    named.every((person, index) => person === witnesses[index]) &&
    Math.abs(one.at - other.at) <= HEARD_WITHIN_MS &&
    [one, other].every((each) => isAbout(vote, each))
  );
}

function isAbout(vote: VoteClaims, { run, gate, nonce, digest, approver, decision }: HeardVote): boolean {
  return (
    run === vote.run &&
    gate === vote.gate &&
    nonce === vote.nonce &&
    digest === vote.digest &&
    approver === vote.person &&
    decision === vote.decision
  );
}
