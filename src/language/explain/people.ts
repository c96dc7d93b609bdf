import type { Scope } from '../../model/expression.ts';
import { decisionRulesOf } from '../../model/decision-rules.ts';
import type {
  ApprovalRule,
  ApprovalStep,
  CompiledRunbook,
  Escalation,
  Exclusion,
  ManualStep,
} from '../../model/runbook.ts';
import { capital, counted, listed, spokenDuration, spokenText } from './spoken.ts';

/** Whom an approval asks, and what their answers mean. */
export function explainApproval(step: ApprovalStep, titleOf: (path: string) => string): string[] {
  const { covers, rules, exclude, comment, escalate, timeoutMs, onTimeout } = step;
  return [
    `It waits until ${listed(rules.map(askedBy))} ${isOne(rules) ? 'says' : 'say'} yes. A single no ends the run.`,
    covers.length === 0
      ? 'The yes allows no command by itself.'
      : `The yes allows: ${covers.map((path) => titleOf(path)).join('; ')}.`,
    ...(exclude.length === 0
      ? []
      : [`${capital(listed(exclude.map((kind) => EXCLUDED[kind])))} may not answer.`]),
    ...(comment === undefined ? [] : ['Whoever says yes gives a reason.']),
    ...(timeoutMs === undefined
      ? ['It waits for as long as it takes.']
      : [
          `It waits for ${spokenDuration(timeoutMs)}; then ${
            onTimeout === 'reject' ? 'that counts as a no' : 'it is marked as overdue and goes on waiting'
          }. Silence is never a yes.`,
        ]),
    ...explainEscalation(escalate),
  ];
}

const EXCLUDED: Readonly<Record<Exclusion, string>> = {
  starter: 'whoever started the run',
  author: 'whoever wrote the runbook',
  'previous-approver': 'whoever has approved another step of the run',
};

function explainEscalation(escalate: readonly Escalation[] = []): string[] {
  if (escalate.length === 0) return [];
  const told = escalate.map(({ afterMs, to }) => `after ${spokenDuration(afterMs)} ${to}`);
  return [`While nobody answers these are told as well: ${listed(told)}.`];
}

/** Who decides about failed steps, and what takes more than that. */
export function explainDecisions(runbook: CompiledRunbook): string {
  const { default: usual, ...named } = decisionRulesOf(runbook);
  const others = Object.entries(named).map(([decision, rule]) => `${decision} takes ${askedBy(rule)}`);
  return `asks ${askedBy(usual)}: try again, say that it was done by hand, leave it out, or end the run.${
    others.length === 0 ? '' : ` But ${listed(others)}.`
  }`;
}

function isOne([first, ...others]: readonly ApprovalRule[]): boolean {
  return others.length === 0 && first?.count === 1;
}

function askedBy(rule: ApprovalRule): string {
  if ('role' in rule) {
    return `${counted(rule.count, 'person').replace('persons', 'people')} with the role ${rule.role}`;
  }
  const all = rule.people.length === rule.count;
  return all ? listed(rule.people) : `${rule.count} of ${listed(rule.people, 'or')}`;
}

/** Lines for signatures: one for each person that has to say yes. */
export function signersOf({ rules }: ApprovalStep): string[] {
  return rules.flatMap((rule) => {
    const who = 'role' in rule ? rule.role : `one of ${listed(rule.people, 'or')}`;
    return Array.from({ length: rule.count }, () => who);
  });
}

/** What somebody is asked to do, and how they can answer. */
export function explainManual(step: ManualStep, scope: Scope): string[] {
  const { instructions, by, answers, escalate, timeoutMs, onTimeout } = step;
  const fields = fieldsOf(step);
  return [
    ...(instructions === undefined ? [] : [spokenText(instructions, scope)]),
    `It waits until somebody with the role ${listed(by, 'or')} answers: ${Object.entries(answers)
      .map(([answer, outcome]) => `${answer} (${OUTCOMES[outcome]})`)
      .join(', ')}.`,
    ...(fields.length === 0 ? [] : [`To be filled in: ${fields.join('; ')}.`]),
    ...(timeoutMs === undefined
      ? []
      : [
          `It waits for ${spokenDuration(timeoutMs)}; then ${
            onTimeout === 'fail' ? 'the step fails' : 'it is marked as overdue and goes on waiting'
          }.`,
        ]),
    ...explainEscalation(escalate),
  ];
}

const OUTCOMES = { succeeded: 'go on', warned: 'go on with a warning', failed: 'the step fails' } as const;

/** What is filled in, one line each. */
export function fieldsOf({ fields }: ManualStep): string[] {
  return Object.entries(fields).map(
    ([name, { description, optional }]) =>
      `${name}${description === undefined ? '' : ` (${description})`}${optional === true ? ', if there is one' : ''}`,
  );
}
