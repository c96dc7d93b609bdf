import { canBeMet } from '../../model/approval.ts';
import type { ApprovalRule, ApprovalStep, Exclusion, ManualStep } from '../../model/runbook.ts';
import type { PersonConfig } from '../../config/index.ts';
import type { Finding } from './finding.ts';

/** Who could answer an approval now. */
export function rehearseApproval(
  { rules, exclude, covers, escalate = [] }: ApprovalStep,
  people: readonly PersonConfig[],
  starter: string | undefined,
): Finding {
  const answering = people.filter(({ id }) => !(exclude.includes('starter') && id === starter));
  const found = rules.map((rule) => ({ rule, who: answering.filter((person) => admits(rule, person)) }));
  const short = found.find(({ rule, who }) => who.length < rule.count);
  const says = [
    ...(covers.length === 0 ? [] : [`A yes would allow: ${covers.join(', ')}.`]),
    ...found.map(({ rule, who }) => `${needed(rule)}: ${named(who)} could answer now.`),
    ...exclude.flatMap((kind) => (kind === 'starter' ? [] : [UNKNOWN_YET[kind]])),
    ...escalate.map(({ to }) => `${to}: ${named(holdersOf(to, people))} would be told when nobody answers.`),
  ];
  const unreached = escalate.find(({ to }) => holdersOf(to, people).length === 0);
  if (unreached !== undefined) {
    const unheard = `Nobody holds the role ${unreached.to}.`;
    return { verdict: 'blocked', says: [...says, unheard], code: 'ROLE_UNSATISFIABLE' };
  }
  if (short === undefined) {
    if (
      canBeMet(
        rules,
        answering.map(({ id, roles }) => ({ person: id, roles })),
      )
    ) {
      return { verdict: 'ask', says };
    }
    const few = 'The rules need more different people than there are: one person fills one place.';
    return { verdict: 'blocked', says: [...says, few], code: 'ROLE_UNSATISFIABLE' };
  }
  const why = `Nobody could give this approval: ${needed(short.rule)}, and there are ${short.who.length}.`;
  return { verdict: 'blocked', says: [...says, why], code: 'ROLE_UNSATISFIABLE' };
}

/** Who is excluded as well, and is known only when the run is there. */
const UNKNOWN_YET: Readonly<Record<Exclude<Exclusion, 'starter'>, string>> = {
  author: 'Whoever wrote the runbook may not answer.',
  'previous-approver': 'Whoever has said yes at another approval of the run may not answer.',
};

function holdersOf(role: string, people: readonly PersonConfig[]): readonly PersonConfig[] {
  return people.filter(({ roles }) => roles.includes(role));
}

/** Who could answer a manual step now. */
export function rehearseManual(
  { by, fields, answers }: ManualStep,
  people: readonly PersonConfig[],
): Finding {
  const who = people.filter(({ roles }) => roles.some((role) => by.includes(role)));
  const asked = Object.keys(fields);
  const says = [
    `Answers: ${Object.keys(answers).join(', ')}${asked.length === 0 ? '' : `; to be filled in: ${asked.join(', ')}`}.`,
    `${by.join(' or ')}: ${named(who)} could answer now.`,
  ];
  return who.length > 0 ? { verdict: 'ask', says } : { verdict: 'blocked', says, code: 'ROLE_UNSATISFIABLE' };
}

function admits(rule: ApprovalRule, { id, roles }: PersonConfig): boolean {
  return 'role' in rule ? roles.includes(rule.role) : rule.people.includes(id);
}

function needed(rule: ApprovalRule): string {
  return 'role' in rule
    ? `${rule.count} with the role ${rule.role}`
    : `${rule.count} of ${rule.people.join(', ')}`;
}

function named(people: readonly PersonConfig[]): string {
  return people.length === 0 ? 'nobody' : people.map(({ id }) => id).join(', ');
}
