import { decideApproval, refusalOf, type ApprovalPolicy } from './approval.ts';
import { decideFailure, ruleFor } from './decision-rules.ts';
import { canonicalJson } from './json.ts';
import { readFields } from './manual.ts';
import { needsComment, type Offer } from './offers.ts';
import type { Gate, PastVote, WithdrawnVote } from './run.ts';
import type { Refusal, VerifiedVote } from './vote.ts';

/** How often one person may take an answer back at a gate: each is kept, and a run has to carry them all. */
export const MAX_TAKEN_BACK = 10;
/** What is kept of the reason for taking an answer back. */
const MAX_REASON_LENGTH = 200;

/** What a gate has come to with one more answer, or why that does not count. */
export type Cast =
  | { readonly refusal: Refusal; readonly detail?: string }
  | {
      readonly change: Pick<Gate, 'votes' | 'missing' | 'withdrawn' | 'deviation'>;
      /** Whether the gate is decided now. */
      readonly decided: boolean;
    };

/** When an answer arrived, and who has said yes at other approvals of the run. */
export interface CastAt {
  readonly now: number;
  readonly previous?: readonly string[];
}

/** Counts one answer, whose signature was found good, at an open gate; changes nothing itself. */
export function castAt(gate: Gate, vote: VerifiedVote, { now, previous = [] }: CastAt): Cast {
  if (vote.nonce !== gate.nonce) return { refusal: 'otherGate' };
  if (vote.digest !== gate.digest) return { refusal: 'otherDigest' };
  const { votes, withdrawn = [] } = gate;
  // However a run has forgotten that it saw this one: it counts already, or never again.
  if (votes.some(({ id }) => id === vote.id)) return countedWith(gate, votes);
  if (withdrawn.some(({ id, by }) => id === vote.id || by === vote.id)) return { refusal: 'takenBack' };
  if (vote.decision === 'withdraw') return takeBack(gate, vote, now);
  if (vote.deviation !== undefined) return approveAlone(gate, vote, now);
  // Only an approval has a code, which says what is answered.
  if (vote.heardBy !== undefined && gate.kind !== 'approval') return { refusal: 'notOffered' };
  const objection = objectionTo(gate, vote);
  if (objection !== undefined) return objection;
  const policy = policyFor(gate.policy, vote, previous);
  if (gate.policy.decisions === undefined) {
    const refusal = refusalOf(vote, policy, votes);
    return refusal === undefined ? countedWith(gate, [...votes, vote]) : { refusal };
  }
  return changeMind(gate, vote, policy, now);
}

/** One person's yes, which fulfils all rules of an approval: that it may, was found before. The reason is a must. */
function approveAlone(gate: Gate, vote: VerifiedVote, now: number): Cast {
  const { person, decision, comment = '', deviation } = vote;
  const isYes = gate.kind === 'approval' && decision === 'approve' && vote.for === undefined;
  if (!isYes || deviation === undefined) return { refusal: 'notOffered' };
  if (comment.trim() === '') return { refusal: 'commentMissing' };
  return {
    change: {
      votes: [...gate.votes, vote],
      missing: [],
      deviation: {
        how: deviation,
        by: person,
        ...(person === gate.policy.starter ? { isStarter: true } : {}),
        reason: comment,
        at: now,
      },
    },
    decided: true,
  };
}

/** A decision that people take together: who has answered already may say something else. */
function changeMind(gate: Gate, vote: VerifiedVote, policy: ApprovalPolicy, now: number): Cast {
  const { votes } = gate;
  const mine = votes.find(({ person }) => person === vote.person);
  const others = votes.filter((other) => other !== mine);
  const refusal = refusalOf(vote, policy, others);
  if (refusal !== undefined) return { refusal };
  if (mine === undefined) return countedWith(gate, [...votes, vote]);
  if (motionOf(mine) === motionOf(vote)) return { refusal: 'duplicate' };
  if (isTooOften(gate, vote)) return { refusal: 'tooOften' };
  const withdrawn = [...(gate.withdrawn ?? []), takenBack(mine, vote, now)];
  return countedWith({ ...gate, withdrawn }, [...others, vote]);
}

function takeBack(gate: Gate, vote: VerifiedVote, now: number): Cast {
  const mine = gate.votes.find(({ person }) => person === vote.person);
  if (mine === undefined) return { refusal: 'notGiven' };
  if (isTooOften(gate, vote)) return { refusal: 'tooOften' };
  const withdrawn = [...(gate.withdrawn ?? []), takenBack(mine, vote, now)];
  return countedWith(
    { ...gate, withdrawn },
    gate.votes.filter((other) => other !== mine),
  );
}

function countedWith(gate: Gate, votes: VerifiedVote[]): Cast {
  const { withdrawn } = gate;
  const kept = withdrawn === undefined ? {} : { withdrawn };
  const missing = missingAt(gate, votes);
  return {
    change: { votes, missing: missing ?? [], ...kept },
    decided: missing === undefined,
  };
}

/** What a gate still misses with these votes; undefined when they decide it. */
export function missingAt(
  { kind, policy }: Pick<Gate, 'kind' | 'policy'>,
  votes: readonly VerifiedVote[],
): readonly string[] | undefined {
  if (kind === 'approval') {
    const decided = decideApproval(votes, policy);
    return decided.state === 'open' ? decided.missing : undefined;
  }
  if (policy.decisions === undefined) return votes.length === 0 ? [] : undefined;
  const decided = decideFailure(votes, policy.decisions);
  return decided.state === 'open' ? decided.missing : undefined;
}

/** Whether the gate offers such an answer, and what has to come with it. */
function objectionTo(
  { offers, fields }: Gate,
  vote: VerifiedVote,
): Exclude<Cast, { decided: boolean }> | undefined {
  const offer = offers.find(
    ({ decision, option, answer }) =>
      decision === vote.decision &&
      (option === undefined || option === vote.option) &&
      (answer === undefined || answer === vote.answer),
  );
  if (offer === undefined) return { refusal: 'notOffered' };
  if (offer.unavailable !== undefined) return { refusal: 'notOffered', detail: offer.unavailable };
  if (wantsReason(offer) && (vote.comment ?? '').trim() === '') return { refusal: 'commentMissing' };
  const filledIn = fields && readFields(fields, vote.values ?? {}, { readTexts: false });
  if (filledIn !== undefined && 'problem' in filledIn) {
    return { refusal: 'badValues', detail: filledIn.problem };
  }
  return undefined;
}

/** Whether this answer needs a reason: by what it does, or because the runbook says so. */
export function wantsReason(offer: Pick<Offer, 'decision' | 'needsComment'>): boolean {
  return offer.needsComment === true || needsComment(offer.decision);
}

/** The rules that an answer has to satisfy: at a decision gate those for this very decision. */
function policyFor(
  policy: ApprovalPolicy,
  { decision }: VerifiedVote,
  previous: readonly string[],
): ApprovalPolicy {
  const { decisions, rules } = policy;
  return { ...policy, previous, rules: decisions === undefined ? rules : [ruleFor(decisions, decision)] };
}

function motionOf({ decision, option, values }: VerifiedVote): string {
  return canonicalJson({ decision, option, values });
}

function isTooOften({ withdrawn = [] }: Gate, { person }: VerifiedVote): boolean {
  return withdrawn.filter((one) => one.person === person).length >= MAX_TAKEN_BACK;
}

function takenBack(mine: VerifiedVote, { id, comment }: VerifiedVote, now: number): WithdrawnVote {
  const reason = comment?.slice(0, MAX_REASON_LENGTH);
  return { ...pastVote(mine), by: id, at: now, ...(reason === undefined ? {} : { reason }) };
}

/** What is kept of a vote that does not count any more. */
export function pastVote({
  id,
  person,
  for: delegator,
  decision,
  option,
  comment,
  heardBy,
  deviation,
}: VerifiedVote): PastVote {
  const said = comment?.slice(0, MAX_REASON_LENGTH);
  return {
    id,
    person,
    ...(delegator === undefined ? {} : { for: delegator }),
    decision,
    ...(option === undefined ? {} : { option }),
    ...(said === undefined ? {} : { comment: said }),
    ...(heardBy === undefined ? {} : { heardBy }),
    ...(deviation === undefined ? {} : { deviation }),
  };
}
