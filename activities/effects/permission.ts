import { isActionName, specOf } from '../../src/catalog/index.ts';
import {
  coveringApproval,
  DECIDING_ROLE,
  decideApproval,
  refusalOf,
  writtenPath,
} from '../../src/model/approval.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { stepAt } from '../../src/model/loop.ts';
import { ROLLBACK_ID, type ApprovalStep, type CompiledRunbook } from '../../src/model/runbook.ts';
import type { Cover, VerifiedVote } from '../../src/model/vote.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { approvalDigest } from '../digest.ts';
import { StepError } from '../step-error.ts';
import { loadRunbook } from '../runbooks.ts';
import { authenticVote } from '../votes.ts';
import type { Observed } from './driver.ts';

/**
 * Whether this command may run on this target, by the safety rules: a drill touches production only where the
 * configuration lists it or an approval covers it; a live run only what an approval covers. The approval is not
 * believed, it is proven again here: signatures, digest, rules, people as they are now.
 *
 * @throws StepError `fence.notAllowed`, `fence.approvalVoid`
 */
export async function assertAllowed(deps: Deps, input: CommandInput, observed: Observed): Promise<void> {
  if (!isActionName(input.action)) throw new StepError('step.internal', `unknown action ${input.action}`);
  const { impact, irreversible } = specOf(input.action);
  const { mode, runbook } = input.run;
  if (mode === 'drill' && irreversible === true) {
    throw new StepError('fence.notAllowed', `${input.action} cannot be taken back, so no drill may do it.`);
  }
  if (impact !== 'production') return;
  if (mode === 'drill' && isListed(deps, observed)) return;
  if (mode === 'live' && deps.policy.unattended.includes(runbook)) return;
  const voided: string[] = [];
  for (const cover of input.covers) {
    const finding = await coverage(deps, input, observed, cover);
    if (finding === 'covered') return;
    if (finding !== 'other') voided.push(finding);
  }
  if (voided.length > 0) throw new StepError('fence.approvalVoid', voided.join(' '));
  const shown = `${placeOf(observed.target)}/${observed.targetName}`;
  throw new StepError(
    'fence.notAllowed',
    mode === 'drill'
      ? `${input.action} on ${shown} is not for this drill: no approval covers it, and drill.allow in muster.yaml does not list it. Nothing was sent.`
      : `${input.action} on ${shown} is covered by no approval of this run. Nothing was sent.`,
    { details: { target: observed.target } },
  );
}

function isListed({ policy }: Deps, { target, targetName, members }: Observed): boolean {
  return (members ?? [{ target, name: targetName }]).every(
    (one) =>
      policy.drillAllow.includes(one.target) ||
      policy.drillAllow.includes(`${placeOf(one.target)}/${one.name}`),
  );
}

/** `connection/kind` of a target. */
function placeOf(target: string): string {
  return target.slice(0, target.lastIndexOf('/'));
}

/** What a cover says about this command: it covers it, it is about something else, or why it is void. */
async function coverage(deps: Deps, input: CommandInput, observed: Observed, cover: Cover): Promise<string> {
  const votes = await provenVotes(deps, input, cover);
  if (cover.covered.length === 0) return decisionCovers(input, cover, votes) ? 'covered' : 'other';
  const own = cover.covered.find(({ path }) => path === input.path);
  const runbook = await loadRunbook(deps, input.run.runbookDigest);
  const forCleanup =
    (input.phase === 'cleanup' || isHarmlessRollback(runbook, input)) &&
    cover.covered.some(({ target }) => target === observed.target);
  if (own === undefined && !forCleanup) return 'other';
  const step = approvalStep(runbook, cover.gate);
  if (step === undefined || !isGranted(input, cover, step, votes)) {
    return `The approval "${cover.gate}" does not hold.`;
  }
  if (own === undefined || !isNamed(runbook, step, own.path)) return forCleanup ? 'covered' : 'other';
  const now = { action: input.action, with: input.with, target: observed.target };
  const approved = { action: own.action, with: own.with, target: own.target };
  return canonicalJson(now) === canonicalJson(approved)
    ? 'covered'
    : `What was approved at "${cover.gate}" is not what would be done now: approved ${canonicalJson(approved)}, now ${canonicalJson(now)}.`;
}

/** What takes back a covered step is covered with it, unless that discards changes in a live run. */
function isHarmlessRollback(runbook: CompiledRunbook, { phase, path, run }: CommandInput): boolean {
  if (phase !== 'rollback') return false;
  const step = stepAt(runbook, path.slice(0, -ROLLBACK_ID.length - 1));
  return step?.kind === 'uses' && (run.mode === 'drill' || step.action.undo !== 'discardsChanges');
}

/** A decision of a person at the failed step itself: it allows the one command it names. */
function decisionCovers(input: CommandInput, cover: Cover, votes: readonly VerifiedVote[]): boolean {
  const wanted =
    input.action === 'vro.continue' ? 'continue' : input.action === 'vro.halt' ? 'halt' : undefined;
  return (
    cover.gate === input.path &&
    votes.some(
      ({ decision, option, roles }) =>
        decision === wanted &&
        (option === undefined || option === input.with['option']) &&
        roles.includes(DECIDING_ROLE),
    )
  );
}

function isGranted(
  { run }: CommandInput,
  cover: Cover,
  step: ApprovalStep,
  votes: readonly VerifiedVote[],
): boolean {
  const { runbookDigest, starter } = run;
  const { gate, covered } = cover;
  if (approvalDigest({ runbookDigest, gate, covered }) !== cover.digest) return false;
  const policy = { rules: step.rules, exclude: step.exclude, starter };
  const admitted = votes.filter(
    (vote, index) => refusalOf(vote, policy, votes.slice(0, index)) === undefined,
  );
  return decideApproval(admitted, policy).state === 'approved';
}

/** The votes of a cover that really were given to it, with the roles that their people still hold. */
async function provenVotes(deps: Deps, { run }: CommandInput, cover: Cover): Promise<VerifiedVote[]> {
  const votes: VerifiedVote[] = [];
  for (const jws of cover.votes) {
    // A vote had to be fresh when it was counted; it does not go stale while its run acts on it.
    const seen = await authenticVote(deps, jws, 0);
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

/** Whether an approval names the step at this path, which may be one of many in a loop. */
function isNamed(runbook: CompiledRunbook, { covers }: ApprovalStep, path: string): boolean {
  return covers.includes(writtenPath(runbook, path));
}

function approvalStep(runbook: CompiledRunbook, path: string): ApprovalStep | undefined {
  const step = stepAt(runbook, path);
  // At a command: it was asked for by itself, of the people who approve it.
  return step?.kind === 'approval' ? step : coveringApproval(runbook, path);
}
