import type { ApprovalRule, ApprovalStep, ManualStep } from '../../model/runbook.ts';
import type { PersonConfig } from '../../config/index.ts';
import type { Finding } from './finding.ts';

/** Who could answer an approval now. */
export function rehearseApproval(
  { rules, exclude, covers }: ApprovalStep,
  people: readonly PersonConfig[],
  starter: string | undefined,
): Finding {
  const answering = people.filter(({ id }) => !(exclude.includes('starter') && id === starter));
  const found = rules.map((rule) => ({ rule, who: answering.filter((person) => admits(rule, person)) }));
  const short = found.find(({ rule, who }) => who.length < rule.count);
  const says = [
    ...(covers.length === 0 ? [] : [`A yes would allow: ${covers.join(', ')}.`]),
    ...found.map(({ rule, who }) => `${needed(rule)}: ${named(who)} could answer now.`),
  ];
  if (short === undefined) return { verdict: 'ask', says };
  const why = `Nobody could give this approval: ${needed(short.rule)}, and there are ${short.who.length}.`;
  return { verdict: 'blocked', says: [...says, why], code: 'ROLE_UNSATISFIABLE' };
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
