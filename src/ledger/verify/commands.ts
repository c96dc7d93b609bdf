import { coveringApproval, writtenPath } from '../../model/approval.ts';
import { stepAt } from '../../model/loop.ts';
import { ROLLBACK_ID, type ApprovalStep, type UsesStep } from '../../model/runbook.ts';
import { digestOf } from '../digest.ts';
import { CLOCK_TOLERANCE_MS, type Case } from './case.ts';
import type { Placed } from './entries.ts';
import { approvalOf } from './gate-rules.ts';
import type { DecidedGate } from './gates.ts';
import { atEntry, quoted } from './problem.ts';

/** Commands that people decide on at a failed step, and the decision that sends each. */
const DECIDED: Readonly<Record<string, string>> = { 'vro.continue': 'continue', 'vro.halt': 'halt' };

/**
 * Whether every command that was about to be sent is one of its step, and was approved before, as far as it had to be: this very
 * command, on this very target.
 *
 * @throws EvidenceProblem `evidence.unknownCommand`, `evidence.notApproved`, `evidence.approvedTooLate`,
 *   `evidence.otherCommand`
 */
export function assertCommands(at: Case, gates: readonly DecidedGate[]): void {
  const approved = gates.filter((gate) => gate.approved);
  for (const intent of at.entries.of('intent')) {
    const { path, action } = intent.entry;
    const step = stepAt(at.runbook, path);
    if (step?.kind !== 'uses' || step.action.effect !== 'command') {
      throw atEntry('evidence.unknownCommand', intent.position, `${quoted(path)} sends no command.`);
    }
    const decision = action === step.uses ? undefined : DECIDED[action];
    if (action !== step.uses && decision === undefined) {
      throw atEntry(
        'evidence.unknownCommand',
        intent.position,
        `${quoted(path)} does not do ${quoted(action)}.`,
      );
    }
    if (decision !== undefined) assertDecided(intent, decision, gates);
    else assertApproved(at, intent, step, approved);
  }
}

/** People have said so at this very step. */
function assertDecided(
  { entry, position }: Placed<'intent'>,
  wanted: string,
  gates: readonly DecidedGate[],
): void {
  const said = gates.filter(
    ({ path, taken }) => path === entry.path && taken.some(({ decision }) => decision === wanted),
  );
  if (said.some((gate) => isBefore(gate, position, entry.at))) return;
  const code = said.length === 0 ? 'evidence.notApproved' : 'evidence.approvedTooLate';
  throw atEntry(code, position, `${entry.action} at ${quoted(entry.path)}: nobody had decided ${wanted}.`);
}

function assertApproved(
  at: Case,
  intent: Placed<'intent'>,
  step: UsesStep,
  approved: readonly DecidedGate[],
): void {
  const { entry, position } = intent;
  const { path, action, target, requestDigest } = entry;
  const isProduction = step.action.impact === 'production';
  const own = approved.filter((gate) => isAbout(at, gate, path));
  const before = own.filter((gate) => isBefore(gate, position, entry.at));
  const isSame = before.some(({ covered }) =>
    covered.some(
      (one) =>
        one.path === path &&
        one.action === action &&
        one.target === target &&
        digestOf({ action, with: one.with }) === requestDigest,
    ),
  );
  if (isSame || isCleanedUp(at, intent, approved)) return;
  if (before.length > 0) {
    throw atEntry('evidence.otherCommand', position, `At ${quoted(path)} something else was approved.`);
  }
  if (own.length > 0) {
    throw atEntry(
      'evidence.approvedTooLate',
      position,
      `${quoted(action)} at ${quoted(path)} was sent first.`,
    );
  }
  const approval = coveringApproval(at.runbook, path);
  if (approval !== undefined && (isProduction || wasOpened(at, approval)) && !wasSkipped(at, approval)) {
    throw atEntry(
      'evidence.notApproved',
      position,
      `${quoted(action)} at ${quoted(path)} needs a yes at ${quoted(approval.path)}.`,
    );
  }
  trustUnapproved(at, path, isProduction, approval);
}

/** A gate of the approval that names the command, or of the command itself, which has it among what it covers. */
function isAbout({ runbook }: Case, gate: DecidedGate, path: string): boolean {
  const approval = approvalOf(runbook, gate.path);
  return (
    approval?.covers.includes(writtenPath(runbook, path)) === true &&
    gate.covered.some((one) => one.path === path)
  );
}

/** What cleans up, or takes back, needs no yes of its own on a target that something was approved for. */
function isCleanedUp(
  { run, runbook }: Case,
  { entry, position }: Placed<'intent'>,
  approved: readonly DecidedGate[],
): boolean {
  const { path, target, at } = entry;
  const isRollback = path.endsWith(`/${ROLLBACK_ID}`);
  const takenBack = isRollback ? stepAt(runbook, path.slice(0, -ROLLBACK_ID.length - 1)) : undefined;
  const isHarmless =
    takenBack?.kind === 'uses' && (run.mode === 'drill' || takenBack.action.undo !== 'discardsChanges');
  if (!path.startsWith('cleanup/') && !isHarmless) return false;
  return approved.some(
    (gate) => isBefore(gate, position, at) && gate.covered.some((one) => one.target === target),
  );
}

/** In the ledger, and by the clocks. */
function isBefore(gate: DecidedGate, position: number, at: number): boolean {
  return gate.position < position && gate.at <= at + CLOCK_TOLERANCE_MS;
}

function wasOpened({ entries, runbook }: Case, { path }: ApprovalStep): boolean {
  return entries
    .of('gate.opened')
    .some(({ entry }) => entry.gate === 'approval' && approvalOf(runbook, entry.path)?.path === path);
}

/** The approval belonged to another mode, its condition did not hold, or people left it out. */
function wasSkipped({ entries, runbook }: Case, { path }: ApprovalStep): boolean {
  const ends = entries.of('step.ended').filter(({ entry }) => stepAt(runbook, entry.path)?.path === path);
  return ends.length > 0 && ends.every(({ entry }) => entry.outcome === 'skipped');
}

function trustUnapproved(
  { run, trust }: Case,
  path: string,
  isProduction: boolean,
  approval: ApprovalStep | undefined,
): void {
  if (!isProduction) {
    trust.add(
      'noApprovalNeeded',
      'These commands touch no production, as the runbook says, and need no approval:',
      path,
    );
    return;
  }
  if (approval !== undefined) {
    trust.add('approvalSkipped', 'The run has left the approval of these commands out:', path);
  }
  if (run.mode === 'drill') {
    trust.add(
      'allowedTargets',
      'That the configuration lets a drill do these commands without approval:',
      path,
    );
  } else {
    trust.add('unattended', 'That the configuration lets this runbook do these commands unattended:', path);
  }
}
