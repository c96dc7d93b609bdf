import type { ApprovalStep, Step } from '../../model/runbook.ts';
import type { StartProblems } from './problems.ts';
import { isApproval } from './running.ts';

export interface KnownPeople {
  /** How many people hold each role. */
  readonly roles: ReadonlyMap<string, number>;
  readonly people: readonly string[];
}

/** Refuses approvals that nobody could ever give: better now than at 3 a.m. */
export function checkPeople(steps: readonly Step[], known: KnownPeople, problems: StartProblems): void {
  for (const step of steps.filter(isApproval)) {
    for (const [role, count] of countsByRole(step)) {
      const holders = known.roles.get(role) ?? 0;
      if (holders >= count) continue;
      const message =
        holders === 0
          ? `Nobody holds the role ${role}.`
          : `The approval needs ${count} people with the role ${role}, and ${holders} hold it.`;
      problems.atStep(
        'ROLE_UNSATISFIABLE',
        step.path,
        message,
        'Give people the role in muster.yaml, or change the rule.',
      );
    }
    for (const rule of step.rules) {
      if ('role' in rule) continue;
      const unknown = rule.people.filter((person) => !known.people.includes(person));
      if (rule.people.length - unknown.length >= rule.count) continue;
      const message = `The configuration does not know ${unknown.join(', ')}.`;
      problems.atStep(
        'ROLE_UNSATISFIABLE',
        step.path,
        message,
        'Add them to muster.yaml, or change the rule.',
      );
    }
  }
}

/** One person fills one place, so rules for the same role add up. */
function countsByRole({ rules }: ApprovalStep): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rule of rules) {
    if ('role' in rule) counts.set(rule.role, (counts.get(rule.role) ?? 0) + rule.count);
  }
  return counts;
}
