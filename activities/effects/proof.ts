import {
  coveringApproval,
  decideApproval,
  refusalOf,
  type ApprovalPolicy,
} from '../../src/model/approval.ts';
import { sayingYes } from '../../src/model/approvers.ts';
import { decisionRulesOf, ruleFor } from '../../src/model/decision-rules.ts';
import { stepAt } from '../../src/model/loop.ts';
import type { ApprovalStep, CompiledRunbook } from '../../src/model/runbook.ts';
import { missingOf } from '../../src/model/seats.ts';
import type { Cover, VerifiedVote } from '../../src/model/vote.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { approvalDigest } from '../digest.ts';
import { authenticVote } from '../votes.ts';

/** A decision of people at the failed step itself: it allows the one command it names, by the rule for that decision. */
export function decisionCovers(
  runbook: CompiledRunbook,
  input: CommandInput,
  cover: Cover,
  votes: readonly VerifiedVote[],
): boolean {
  const wanted =
    input.action === 'vro.continue' ? 'continue' : input.action === 'vro.halt' ? 'halt' : undefined;
  if (wanted === undefined || cover.gate !== input.path) return false;
  const agreed = votes.filter(
    ({ decision, option }) =>
      decision === wanted && (option === undefined || option === input.with['option']),
  );
  const rule = ruleFor(decisionRulesOf(runbook), wanted);
  const policy = { rules: [rule], exclude: [], starter: input.run.starter };
  return (
    missingOf(
      [rule],
      admitted(agreed, () => policy),
    ).length === 0
  );
}

/** Whether the votes of a cover meet the rules of its approval, for exactly what was shown to people. */
export async function isGranted(
  deps: Deps,
  runbook: CompiledRunbook,
  input: CommandInput,
  cover: Cover,
  step: ApprovalStep,
  votes: readonly VerifiedVote[],
): Promise<boolean> {
  const { runbookDigest, starter, authors = [] } = input.run;
  const { gate, covered } = cover;
  if (approvalDigest({ runbookDigest, gate, covered }) !== cover.digest) return false;
  const { rules, exclude } = step;
  const policy = { rules, exclude, starter, authors };
  const others = exclude.includes('previous-approver') ? await otherYes(deps, runbook, input, step) : [];
  const given = admitted(votes, ({ iat }) => ({
    ...policy,
    previous: sayingYes(others.filter((other) => other.iat < iat)),
  }));
  return decideApproval(given, policy).state === 'approved';
}

/** The votes that rules let in, in the order they were counted. */
function admitted(
  votes: readonly VerifiedVote[],
  policyFor: (vote: VerifiedVote) => ApprovalPolicy,
): VerifiedVote[] {
  const counted: VerifiedVote[] = [];
  for (const vote of votes) if (refusalOf(vote, policyFor(vote), counted) === undefined) counted.push(vote);
  return counted;
}

/** Every yes that was given in this run by other rules than those of an approval. */
async function otherYes(
  deps: Deps,
  runbook: CompiledRunbook,
  input: CommandInput,
  { path }: ApprovalStep,
): Promise<VerifiedVote[]> {
  const others = input.covers.filter(({ gate }) => approvalStep(runbook, gate)?.path !== path);
  const votes = await Promise.all(others.map((other) => provenVotes(deps, input, other)));
  return votes.flat().filter(({ decision }) => decision === 'approve');
}

/** The votes of a cover that really were given to it, with the roles that their people still hold. */
export async function provenVotes(deps: Deps, { run }: CommandInput, cover: Cover): Promise<VerifiedVote[]> {
  const votes: VerifiedVote[] = [];
  for (const jws of cover.votes) {
    // A vote had to be fresh when it was counted; it does not go stale while its run acts on it.
    const seen = await authenticVote(deps, jws, { runbook: run.runbook, at: 0 });
    if (!seen.ok) continue;
    const { vote } = seen;
    const isOurs =
      vote.run === run.firstExecutionId &&
      vote.gate === cover.gate &&
      vote.nonce === cover.nonce &&
      vote.digest === cover.digest;
    if (isOurs) votes.push(vote);
  }
  return votes;
}

/** The approval whose rules a gate takes. */
export function approvalStep(runbook: CompiledRunbook, path: string): ApprovalStep | undefined {
  const step = stepAt(runbook, path);
  // At a command: it was asked for by itself, of the people who approve it.
  return step?.kind === 'approval' ? step : coveringApproval(runbook, path);
}
