import { stepAt } from './loop.ts';
import {
  allSteps,
  ROLLBACK_ID,
  type ApprovalRule,
  type ApprovalStep,
  type CompiledRunbook,
  type Exclusion,
} from './runbook.ts';
import type { Refusal, VerifiedVote } from './vote.ts';

/** Who may take decisions on failed steps and stop a run, until a runbook can say so itself. */
export const DECIDING_ROLE = 'operator';

/** The rules of one gate and whom they must not count. */
export interface ApprovalPolicy {
  readonly rules: readonly ApprovalRule[];
  readonly exclude: readonly Exclusion[];
  readonly starter: string;
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
  | { readonly state: 'approved' }
  | { readonly state: 'rejected'; readonly by: string; readonly comment?: string };

/** Whether a rule would let this person answer. */
function admits(rule: ApprovalRule, { person, roles }: Pick<VerifiedVote, 'person' | 'roles'>): boolean {
  return 'role' in rule ? roles.includes(rule.role) : rule.people.includes(person);
}

/** Why `vote` may not count, or undefined when it may. `counted` are the votes that already do. */
export function refusalOf(
  vote: Pick<VerifiedVote, 'person' | 'roles'>,
  policy: ApprovalPolicy,
  counted: readonly Pick<VerifiedVote, 'person'>[],
): Refusal | undefined {
  if (policy.exclude.includes('starter') && vote.person === policy.starter) return 'excluded';
  if (!policy.rules.some((rule) => admits(rule, vote))) return 'noRole';
  if (counted.some(({ person }) => person === vote.person)) return 'duplicate';
  return undefined;
}

/**
 * Decides an approval. Every rule must be met, and one person fills one place only: two rules of one person each need
 * two people, even when one person could fill either. A single no from someone who may answer rejects.
 */
export function decideApproval(votes: readonly VerifiedVote[], policy: ApprovalPolicy): ApprovalState {
  const no = votes.find((vote) => vote.decision === 'reject');
  if (no !== undefined) {
    return { state: 'rejected', by: no.person, ...(no.comment === undefined ? {} : { comment: no.comment }) };
  }
  const places = placesOf(policy.rules);
  const filled = assign(
    places,
    votes.filter((vote) => vote.decision === 'approve'),
  );
  if (filled.size === places.length) return { state: 'approved' };
  const missing = policy.rules.flatMap((rule) => {
    const open = places.filter((place, index) => place === rule && !filled.has(index)).length;
    if (open === 0) return [];
    return [
      'role' in rule ? `${open} more with role ${rule.role}` : `${open} more of ${rule.people.join(', ')}`,
    ];
  });
  return { state: 'open', missing };
}

/** Whether these people could meet all rules together, each of them filling one place. */
export function canBeMet(
  rules: readonly ApprovalRule[],
  people: readonly Pick<VerifiedVote, 'person' | 'roles'>[],
): boolean {
  const places = placesOf(rules);
  return assign(places, people).size === places.length;
}

function placesOf(rules: readonly ApprovalRule[]): ApprovalRule[] {
  return rules.flatMap((rule) => Array.from({ length: rule.count }, () => rule));
}

/**
 * Gives each person at most one place, as many places as can be (augmenting paths): a person who could fill two rules
 * takes the one that nobody else can fill.
 */
function assign(
  places: readonly ApprovalRule[],
  votes: readonly Pick<VerifiedVote, 'person' | 'roles'>[],
): Map<number, number> {
  const voterAt = new Map<number, number>();
  const seat = (voter: number, tried: Set<number>): boolean => {
    const vote = votes[voter];
    return (
      vote !== undefined &&
      places.some((rule, place) => {
        if (tried.has(place) || !admits(rule, vote)) return false;
        tried.add(place);
        const holder = voterAt.get(place);
        if (holder !== undefined && !seat(holder, tried)) return false;
        voterAt.set(place, voter);
        return true;
      })
    );
  };
  votes.forEach((_, voter) => seat(voter, new Set()));
  return voterAt;
}
