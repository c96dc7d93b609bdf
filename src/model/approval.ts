import { stepAt } from './loop.ts';
import {
  allSteps,
  ROLLBACK_ID,
  type ApprovalRule,
  type ApprovalStep,
  type CompiledRunbook,
  type DecisionRules,
  type Exclusion,
} from './runbook.ts';
import {
  admits,
  isSamePerson,
  isVouchedFor,
  missingOf,
  peopleIn,
  placesOf,
  seat,
  type Answerer,
} from './seats.ts';
import type { Refusal, VerifiedVote } from './vote.ts';

/** Who takes decisions on failed steps where the runbook does not say, and who may stop and pause a run. */
export const DECIDING_ROLE = 'operator';

/** The rules of one gate and whom they must not count. */
export interface ApprovalPolicy {
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  readonly starter: string;
  /** Who wrote the runbook. Absent when nobody is known. */
  readonly authors?: readonly string[];
  /** Who said yes at another approval of this run, for `previous-approver`. */
  readonly previous?: readonly string[];
  /** Of a decision gate: who may take which decision. Absent: the first answer that counts decides. */
  readonly decisions?: DecisionRules;
}

/** The approval of a runbook that covers the command at a path of a run, or the command that this one takes back. */
export function coveringApproval(runbook: CompiledRunbook, path: string): ApprovalStep | undefined {
  const written = writtenPath(runbook, path);
  return allSteps(runbook).find(
    (step): step is ApprovalStep => step.kind === 'approval' && step.covers.includes(written),
  );
}

/** The path by which an approval names a command: as it is written, of what takes a step back that of the step. */
export function writtenPath(runbook: CompiledRunbook, path: string): string {
  const written = stepAt(runbook, path)?.path ?? path;
  return written.endsWith(`/${ROLLBACK_ID}`) ? written.slice(0, -ROLLBACK_ID.length - 1) : written;
}

/** Where an approval stands. `missing` has a sentence for each rule that is not met yet. */
export type ApprovalState =
  | { readonly state: 'open'; readonly missing: readonly string[] }
  | { readonly state: 'approved'; readonly deviation?: 'break-glass' }
  | { readonly state: 'rejected'; readonly by: string; readonly comment?: string };

/**
 * Why `vote` may not count, or undefined when it may. `counted` are the votes that already do. Whoever is excluded stays
 * so when somebody answers in their place, and when they answer in somebody else's. Whoever approves alone is let in by the
 * configuration, which was asked before; rules and exclusions are what that is a deviation from.
 */
export function refusalOf(
  vote: Answerer,
  policy: ApprovalPolicy,
  counted: readonly Pick<Answerer, 'person' | 'for' | 'heardBy'>[],
): Refusal | undefined {
  if (vote.deviation !== undefined) return undefined;
  const excluded = excludedBy(policy);
  if (peopleIn(vote).some((person) => excluded.includes(person))) return 'excluded';
  if (!policy.rules.some((rule) => admits(rule, vote))) return 'noRole';
  if (counted.some((other) => isSamePerson(vote, other))) return 'duplicate';
  if (counted.some((other) => isVouchedFor(vote, other))) return 'witness';
  return undefined;
}

/** Everybody whom a policy excludes. */
export function excludedBy({
  exclude,
  starter,
  authors = [],
  previous = [],
}: ApprovalPolicy): readonly string[] {
  const whom: Readonly<Record<Exclusion, readonly string[]>> = {
    starter: [starter],
    author: authors,
    'previous-approver': previous,
  };
  return exclude.flatMap((kind) => whom[kind]);
}

/**
 * Decides an approval. Every rule must be met, and one person fills one place only: two rules of one person each need
 * two people, even when one person could fill either. A single no from someone who may answer rejects. A yes that deviates
 * from the rules fulfils them all.
 */
export function decideApproval(votes: readonly VerifiedVote[], policy: ApprovalPolicy): ApprovalState {
  const no = votes.find((vote) => vote.decision === 'reject');
  if (no !== undefined) {
    return { state: 'rejected', by: no.person, ...(no.comment === undefined ? {} : { comment: no.comment }) };
  }
  const alone = votes.find((vote) => vote.decision === 'approve' && vote.deviation !== undefined);
  if (alone?.deviation !== undefined) return { state: 'approved', deviation: alone.deviation };
  const missing = missingOf(
    policy.rules,
    votes.filter((vote) => vote.decision === 'approve'),
  );
  return missing.length === 0 ? { state: 'approved' } : { state: 'open', missing };
}

/** Whether these people could meet all rules together, each of them filling one place. */
export function canBeMet(rules: readonly ApprovalRule[], people: readonly Answerer[]): boolean {
  const places = placesOf(rules);
  return seat(places, people).size === places.length;
}
