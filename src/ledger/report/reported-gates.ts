import { askedFor } from '../../model/seats.ts';
import type { DecisionTaken, Gate, PastVote, StepRecord } from '../../model/run.ts';
import type { VerifiedVote } from '../../model/vote.ts';
import type { KeptGate } from '../../store/index.ts';
import { factLines, factsOf } from './kept-facts.ts';
import type { ReportedAnswer, ReportedGate } from './report-types.ts';

/**
 * The gates of a run with the people and their words, in the order of time. A step keeps its latest gate; earlier openings
 * come from the store.
 */
export function reportedGates(steps: readonly StepRecord[], kept: readonly KeptGate[]): ReportedGate[] {
  const current = steps.flatMap((step) =>
    step.gate === undefined ? [] : [fromRecord(step, step.gate, kept)],
  );
  const known = new Set(steps.flatMap(({ gate }) => gate?.nonce ?? []));
  const earlier = kept.filter(({ nonce }) => !known.has(nonce)).map((gate) => fromStore(gate, steps, kept));
  return [...current, ...earlier].sort((a, b) => a.openedAt - b.openedAt);
}

function fromRecord({ path }: StepRecord, gate: Gate, kept: readonly KeptGate[]): ReportedGate {
  const { kind, title, openedAt, closedAt, closedBy, policy, covered, digest, overdue } = gate;
  const stored = kept.find(({ nonce }) => nonce === gate.nonce);
  const facts = stored === undefined ? undefined : factsOf(stored);
  return {
    path,
    kind,
    title,
    openedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    ...(closedBy === undefined ? {} : { closedBy }),
    rules: askedFor(policy.rules),
    excluded: policy.exclude,
    covered: covered.map(({ path: step, action, target }) => ({ path: step, action, target })),
    digest,
    answers: [
      ...(gate.voided ?? []).flatMap(({ votes, reasons, at }) =>
        votes.map((vote) => pastAnswer(vote, at, `What was asked has changed since: ${reasons.join(' ')}`)),
      ),
      ...(gate.withdrawn ?? []).map((vote) =>
        pastAnswer(vote, vote.at, vote.reason === undefined ? 'Taken back.' : `Taken back: ${vote.reason}`),
      ),
      ...gate.votes.map(answerOf),
    ].sort((a, b) => a.at - b.at),
    missing: closedBy === 'vote' ? [] : gate.missing,
    facts: facts === undefined ? [] : factLines(facts),
    isOverdue: overdue === true,
  };
}

/** An opening that the run has left behind: what people decided there stands with the step. */
function fromStore(gate: KeptGate, steps: readonly StepRecord[], kept: readonly KeptGate[]): ReportedGate {
  const { path, kind, title, openedAt, digest } = gate;
  const step = steps.find((one) => one.path === path);
  const later = [...kept.filter((one) => one.path === path), ...(step?.gate === undefined ? [] : [step.gate])]
    .map((one) => one.openedAt)
    .filter((at) => at > openedAt);
  const until = Math.min(...later);
  const decisions = (step?.decisions ?? []).filter(({ at }) => at >= openedAt && at < until);
  const closedAt = decisions.at(-1)?.at;
  const facts = factsOf(gate);
  return {
    path,
    kind,
    title,
    openedAt,
    ...(closedAt === undefined ? {} : { closedAt, closedBy: 'vote' }),
    rules: [],
    excluded: [],
    covered: [],
    digest,
    answers: decisions.map(decisionAnswer),
    missing: [],
    facts: facts === undefined ? [] : factLines(facts),
    isOverdue: false,
  };
}

function answerOf(vote: VerifiedVote): ReportedAnswer {
  const { person, roles, iat, comment, values, assurance, heardBy, deviation } = vote;
  return {
    person,
    ...(vote.for === undefined ? {} : { for: vote.for }),
    roles,
    decision: saidOf(vote),
    at: iat * 1_000,
    ...(comment === undefined ? {} : { comment }),
    ...(values === undefined ? {} : { values }),
    ...(assurance === undefined ? {} : { assurance }),
    ...(heardBy === undefined ? {} : { heardBy }),
    isBreakGlass: deviation !== undefined,
  };
}

function saidOf({ decision, option, answer }: VerifiedVote): string {
  return [decision, option, answer].filter((part) => part !== undefined).join(' ');
}

function pastAnswer(vote: PastVote, at: number, why: string): ReportedAnswer {
  const { person, decision, option, comment, heardBy, deviation } = vote;
  return {
    person,
    ...(vote.for === undefined ? {} : { for: vote.for }),
    roles: [],
    decision: option === undefined ? decision : `${decision} ${option}`,
    at,
    ...(comment === undefined ? {} : { comment }),
    ...(heardBy === undefined ? {} : { heardBy }),
    isBreakGlass: deviation !== undefined,
    void: why,
  };
}

function decisionAnswer({ person, decision, option, comment, at, values }: DecisionTaken): ReportedAnswer {
  return {
    person,
    roles: [],
    decision: option === undefined ? decision : `${decision} ${option}`,
    at,
    ...(comment === undefined ? {} : { comment }),
    ...(values === undefined ? {} : { values }),
    isBreakGlass: false,
  };
}
