import { spokenVoter } from '../../model/approvers.ts';
import { formatDuration } from '../../model/duration.ts';
import type { Offer } from '../../model/offers.ts';
import type { ApprovalRule, FieldSpec } from '../../model/runbook.ts';
import type { OpenGate } from '../../client/index.ts';
import { answerCommand, offerName, type AnswerTarget } from './answers.ts';
import { failureLines } from './failure.ts';
import { glyphOf } from './marks.ts';
import { styled } from './style.ts';

/** A gate in full: what is asked and why, who may answer, how long there is, and the commands that answer it. */
export function gateLines(
  { step, gate }: OpenGate,
  { now, ...place }: Omit<AnswerTarget, 'gate'> & { readonly now: number },
): string[] {
  const fields = Object.entries(gate.fields ?? {}).sort(([, a], [, b]) => rankOf(a) - rankOf(b));
  const needed = fields.flatMap(([name, { optional }]) => (optional === true ? [] : [name]));
  const target: AnswerTarget = { ...place, gate: step.path, fields: needed };
  const { offers, votes, missing, policy, covered } = gate;
  const possible = offers.filter(({ unavailable }) => unavailable === undefined);
  const excluded = policy.exclude.includes('starter')
    ? `, but not ${policy.starter}, who started the run`
    : '';
  return [
    `${glyphOf('waiting')} ${styled('bold', gate.kind === 'decision' ? `${step.title}: how to go on?` : gate.title)}  ${styled('dim', `(${step.path})`)}`,
    ...indented([
      ...(step.failure === undefined || gate.kind === 'approval' ? [] : failureLines(step.failure)),
      ...(gate.instructions === undefined ? [] : gate.instructions.split(LINE_BREAK)),
      ...fields.map(([name, field]) => `To fill in: ${name}, ${fieldText(field)}`),
      timeLeft(gate.overdue === true, step.dueAt, now),
      `Who may answer: ${policy.rules.map(ruleText).join(gate.kind === 'manual' ? ' or ' : ' and ')}${excluded}.`,
      ...votes.map((vote) => `Has answered: ${spokenVoter(vote)} (${vote.decision}).`),
      ...(missing.length === 0 ? [] : [`Still missing: ${missing.join(', ')}.`]),
      ...covered.map(({ path, action, target: on }) => `A yes allows: ${path} = ${action} on ${on}`),
      ...possible.flatMap((offer) => [
        `  ${styled('bold', answerCommand(offer, target))}`,
        `      ${offer.says}`,
      ]),
      ...impossible(offers),
    ]),
  ];
}

/** As `inert` shows one: texts of a runbook reach the terminal without control characters. */
const LINE_BREAK = /\s*[⏎\n]\s*/;

function fieldText({ type, optional, description }: FieldSpec): string {
  const may = optional === true ? ', may be left out' : '';
  return `${type}${may}${description === undefined ? '' : `: ${description}`}`;
}

/** What has to be filled in stands before what may be. */
function rankOf({ optional }: FieldSpec): number {
  return optional === true ? 1 : 0;
}

function ruleText(rule: ApprovalRule): string {
  const people = rule.count === 1 ? '1 person' : `${rule.count} people`;
  return 'role' in rule ? `${people} with role ${rule.role}` : `${people} of ${rule.people.join(', ')}`;
}

function timeLeft(isOverdue: boolean, dueAt: number | undefined, now: number): string {
  if (isOverdue) return styled('yellow', 'Its time is over; it stays open.');
  if (dueAt === undefined) return 'There is no time limit.';
  return `Time left: ${formatDuration(Math.max(0, dueAt - now))}.`;
}

/** One line for each reason, since VRO's ways to continue mostly share theirs. */
function impossible(offers: readonly Offer[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const offer of offers) {
    if (offer.unavailable === undefined) continue;
    byReason.set(offer.unavailable, [...(byReason.get(offer.unavailable) ?? []), offerName(offer)]);
  }
  return [...byReason].map(([reason, names]) =>
    styled('dim', `Not possible now: ${names.join(', ')}. ${reason}`),
  );
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
