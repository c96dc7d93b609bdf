import { isActionName, specOf } from '../../src/catalog/index.ts';
import { writtenPath } from '../../src/model/approval.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { stepAt } from '../../src/model/loop.ts';
import { ROLLBACK_ID, type ApprovalStep, type CompiledRunbook } from '../../src/model/runbook.ts';
import type { Cover } from '../../src/model/vote.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { StepError } from '../step-error.ts';
import { loadRunbook } from '../runbooks.ts';
import { changesSince } from './approved-subject.ts';
import type { Observed } from './driver.ts';
import { approvalStep, decisionCovers, isGranted, provenVotes } from './proof.ts';

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
  const runbook = await loadRunbook(deps, input.run.runbookDigest);
  if (cover.covered.length === 0) return decisionCovers(runbook, input, cover, votes) ? 'covered' : 'other';
  const own = cover.covered.find(({ path }) => path === input.path);
  const forCleanup =
    (input.phase === 'cleanup' || isHarmlessRollback(runbook, input)) &&
    cover.covered.some(({ target }) => target === observed.target);
  if (own === undefined && !forCleanup) return 'other';
  const step = approvalStep(runbook, cover.gate);
  if (step === undefined || !(await isGranted(deps, runbook, input, cover, step, votes))) {
    return `The approval "${cover.gate}" does not hold.`;
  }
  if (own === undefined || !isNamed(runbook, step, own.path)) return forCleanup ? 'covered' : 'other';
  const now = { action: input.action, with: input.with, target: observed.target };
  const approved = { action: own.action, with: own.with, target: own.target };
  if (canonicalJson(now) !== canonicalJson(approved)) {
    return `What was approved at "${cover.gate}" is not what would be done now: approved ${canonicalJson(approved)}, now ${canonicalJson(now)}.`;
  }
  const changes = await changesSince(deps, input, own, votes);
  return changes.length === 0
    ? 'covered'
    : `What was approved at "${cover.gate}" is not what it was: ${changes.join(' ')}`;
}

/** What takes back a covered step is covered with it, unless that discards changes in a live run. */
function isHarmlessRollback(runbook: CompiledRunbook, { phase, path, run }: CommandInput): boolean {
  if (phase !== 'rollback') return false;
  const step = stepAt(runbook, path.slice(0, -ROLLBACK_ID.length - 1));
  return step?.kind === 'uses' && (run.mode === 'drill' || step.action.undo !== 'discardsChanges');
}

/** Whether an approval names the step at this path, which may be one of many in a loop. */
function isNamed(runbook: CompiledRunbook, { covers }: ApprovalStep, path: string): boolean {
  return covers.includes(writtenPath(runbook, path));
}
