import { canBeMet } from '../../model/approval.ts';
import type { ApprovalStep, CompiledRunbook, ManualStep, Step } from '../../model/runbook.ts';
import type { StartProblems } from './problems.ts';
import { isApproval } from './running.ts';

export interface KnownPeople {
  /** How many people hold each role. */
  readonly roles: ReadonlyMap<string, number>;
  /** Without it, any name may be somebody's. */
  readonly people?: readonly string[];
  /** The roles of each person. Without them, rules are looked at one by one only. */
  readonly rolesOf?: ReadonlyMap<string, readonly string[]>;
}

const GIVE_ROLE = 'Give people the role in muster.yaml, or change the rule.';

/** Refuses approvals that nobody could ever give, and tasks that nobody could do: better now than at 3 a.m. */
export function checkPeople(
  runbook: CompiledRunbook,
  steps: readonly Step[],
  known: KnownPeople,
  { starter, problems }: { starter: string | undefined; problems: StartProblems },
): void {
  checkDecisions(runbook, known, problems);
  for (const step of steps) {
    if (step.kind === 'manual') checkTask(step, known, problems);
    if (step.kind === 'manual' || isApproval(step)) checkEscalation(step, known, problems);
    if (!isApproval(step)) continue;
    const isToldByRule = checkRoles(step, known, problems) || checkNames(step, known, problems);
    if (!isToldByRule) checkTogether(step, known, { starter, problems });
  }
}

/** A decision that the runbook names, and that nobody could take. */
function checkDecisions(
  { decisions = {} }: CompiledRunbook,
  { roles, people }: KnownPeople,
  problems: StartProblems,
): void {
  for (const [decision, rule] of Object.entries(decisions)) {
    const who =
      'role' in rule
        ? (roles.get(rule.role) ?? 0)
        : rule.people.filter((id) => people?.includes(id) ?? true).length;
    if (who >= rule.count) continue;
    const whom = 'role' in rule ? `with the role ${rule.role}` : `of ${rule.people.join(', ')}`;
    const message = `\`decisions.${decision}\` needs ${rule.count} ${whom}, and there are ${who}.`;
    problems.atTop('ROLE_UNSATISFIABLE', message, GIVE_ROLE);
  }
}

/** An escalation that reaches nobody. */
function checkEscalation(
  { path, escalate = [] }: ApprovalStep | ManualStep,
  { roles }: KnownPeople,
  problems: StartProblems,
): void {
  for (const { to } of escalate) {
    if ((roles.get(to) ?? 0) > 0) continue;
    const message = `Nobody holds the role ${to}, which is to be told when nobody answers.`;
    problems.atStep(
      'ROLE_UNSATISFIABLE',
      path,
      message,
      'Give somebody the role in muster.yaml, or change `escalate`.',
    );
  }
}

/** Whether a role has too few holders, which has been told. */
function checkRoles(step: ApprovalStep, { roles }: KnownPeople, problems: StartProblems): boolean {
  let isTold = false;
  for (const [role, count] of countsByRole(step)) {
    const holders = roles.get(role) ?? 0;
    if (holders >= count) continue;
    isTold = true;
    const message =
      holders === 0
        ? `Nobody holds the role ${role}.`
        : `The approval needs ${count} people with the role ${role}, and ${holders} hold it.`;
    problems.atStep('ROLE_UNSATISFIABLE', step.path, message, GIVE_ROLE);
  }
  return isTold;
}

/** Whether too few of the people of a rule are known, which has been told. */
function checkNames(step: ApprovalStep, { people }: KnownPeople, problems: StartProblems): boolean {
  let isTold = false;
  for (const rule of step.rules) {
    if ('role' in rule) continue;
    const unknown = rule.people.filter((person) => people?.includes(person) === false);
    if (rule.people.length - unknown.length >= rule.count) continue;
    isTold = true;
    const message = `The configuration does not know ${unknown.join(', ')}.`;
    problems.atStep('ROLE_UNSATISFIABLE', step.path, message, 'Add them to muster.yaml, or change the rule.');
  }
  return isTold;
}

/** One person fills one place, and who started the run may be excluded: each rule can be met, and not all of them. */
function checkTogether(
  { path, rules, exclude }: ApprovalStep,
  { rolesOf }: KnownPeople,
  { starter, problems }: { starter: string | undefined; problems: StartProblems },
): void {
  if (rolesOf === undefined) return;
  const all = [...rolesOf].map(([person, roles]) => ({ person, roles }));
  const isExcluded = exclude.includes('starter');
  const asked = isExcluded ? all.filter(({ person }) => person !== starter) : all;
  if (canBeMet(rules, asked)) return;
  if (canBeMet(rules, all)) {
    const message = `Without ${starter ?? ''}, who starts the run and may not answer, there are too few people.`;
    problems.atStep(
      'ROLE_UNSATISFIABLE',
      path,
      message,
      'Let somebody else start the run, or change the rules.',
    );
  } else {
    const message = 'The rules need more different people than there are: one person fills one place.';
    problems.atStep('ROLE_UNSATISFIABLE', path, message, GIVE_ROLE);
  }
}

/** A task is done by one person with one of its roles. */
function checkTask({ path, by }: ManualStep, { roles }: KnownPeople, problems: StartProblems): void {
  if (by.some((role) => (roles.get(role) ?? 0) > 0)) return;
  const message = `Nobody holds ${by.length === 1 ? 'the role' : 'one of the roles'} ${by.join(', ')}.`;
  problems.atStep(
    'ROLE_UNSATISFIABLE',
    path,
    message,
    'Give somebody the role in muster.yaml, or change `by`.',
  );
}

/** One person fills one place, so rules for the same role add up. */
function countsByRole({ rules }: ApprovalStep): Map<string, number> {
  const counts = new Map<string, number>();
  for (const rule of rules) {
    if ('role' in rule) counts.set(rule.role, (counts.get(rule.role) ?? 0) + rule.count);
  }
  return counts;
}
