import { coveringApproval, DECIDING_ROLE, type ApprovalPolicy } from '../../model/approval.ts';
import { allDecisionRules, decisionRulesOf } from '../../model/decision-rules.ts';
import { canonicalJson } from '../../model/json.ts';
import { stepAt } from '../../model/loop.ts';
import { answersOf } from '../../model/manual.ts';
import { approvalOffers, type Offer } from '../../model/offers.ts';
import type { ApprovalStep, CompiledRunbook } from '../../model/runbook.ts';
import type { Placed } from './entries.ts';
import type { AskedDocument } from './documents.ts';
import { atFile, quoted } from './problem.ts';

/** The engine's own question for inputs that a run was started without. */
const LATE_INPUTS = 'muster.inputs';

/** The file with what was asked at a gate. */
export function gateFile(nonce: string): string {
  return `gates/${nonce}.json`;
}

/** The approval whose rules the gate at a path takes: its own, or, at a command, those of the approval that covers it. */
export function approvalOf(runbook: CompiledRunbook, path: string): ApprovalStep | undefined {
  const step = stepAt(runbook, path);
  return step?.kind === 'approval' ? step : coveringApproval(runbook, path);
}

/**
 * Whether a gate was asked by the rules that the runbook has for it.
 *
 * @throws EvidenceProblem `evidence.otherRules`
 */
export function assertRules(
  runbook: CompiledRunbook,
  { entry }: Placed<'gate.opened'>,
  { policy, offers }: AskedDocument,
  starter: string,
): void {
  const expected = expectedAt(runbook, entry.gate, entry.path);
  const { rules, exclude, decisions } = policy;
  const isSame =
    expected !== undefined &&
    canonicalJson({ rules, exclude, decisions }) === canonicalJson(expected.policy) &&
    policy.starter === starter &&
    (!exclude.includes('author') || isWithin(runbook.authors ?? [], policy.authors ?? [])) &&
    (expected.offers === undefined || canonicalJson(expected.offers) === canonicalJson(offers));
  if (!isSame) {
    throw atFile(
      'evidence.otherRules',
      gateFile(entry.nonce),
      `The gate at ${quoted(entry.path)} was not asked as the runbook says.`,
    );
  }
}

interface Expected {
  readonly policy: Pick<ApprovalPolicy, 'rules' | 'exclude' | 'decisions'>;
  readonly offers?: readonly Offer[];
}

function expectedAt(
  runbook: CompiledRunbook,
  kind: 'approval' | 'decision' | 'manual',
  path: string,
): Expected | undefined {
  switch (kind) {
    case 'approval': {
      const step = approvalOf(runbook, path);
      return step && { policy: { rules: step.rules, exclude: step.exclude }, offers: approvalOffers(step) };
    }
    case 'manual': {
      if (path === LATE_INPUTS) return { policy: { rules: [oneOf(DECIDING_ROLE)], exclude: [] } };
      const step = stepAt(runbook, path);
      if (step?.kind !== 'manual') return undefined;
      return { policy: { rules: step.by.map(oneOf), exclude: [] }, offers: answersOf(step) };
    }
    case 'decision': {
      if (runbook.decisions === undefined) return { policy: { rules: [oneOf(DECIDING_ROLE)], exclude: [] } };
      const decisions = decisionRulesOf(runbook);
      return { policy: { rules: allDecisionRules(decisions), exclude: [], decisions } };
    }
  }
}

function oneOf(role: string): { readonly role: string; readonly count: number } {
  return { role, count: 1 };
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
