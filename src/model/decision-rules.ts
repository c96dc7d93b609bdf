import { DECIDING_ROLE } from './approval.ts';
import { canonicalJson } from './json.ts';
import type { ApprovalRule, CompiledRunbook, DecisionRules } from './runbook.ts';
import { admits, askedFor, missingOf } from './seats.ts';
import { FAILURE_DECISIONS, type VerifiedVote } from './vote.ts';

const ONE_OPERATOR: ApprovalRule = { role: DECIDING_ROLE, count: 1 };

/** The rules of a runbook for decisions: one operator, unless it says otherwise. */
export function decisionRulesOf({ decisions }: Pick<CompiledRunbook, 'decisions'>): DecisionRules {
  return { default: ONE_OPERATOR, ...decisions };
}

/** The rule for one decision. */
export function ruleFor(rules: DecisionRules, decision: string): ApprovalRule {
  const named = FAILURE_DECISIONS.find((known) => known === decision);
  return (named && rules[named]) ?? rules.default;
}

/** Every rule once: whom a decision gate asks. */
export function allDecisionRules(rules: DecisionRules): ApprovalRule[] {
  const distinct = new Map(Object.values(rules).map((rule) => [canonicalJson(rule), rule]));
  return [...distinct.values()];
}

/** The votes that say one and the same: the decision, VRO's option, and what was filled in. */
interface Motion {
  readonly says: string;
  readonly rule: ApprovalRule;
  readonly votes: readonly VerifiedVote[];
}

/** Where a decision gate stands: what is taken and by which votes, or what each begun decision still misses. */
export type DecisionState =
  | { readonly state: 'open'; readonly missing: readonly string[] }
  | { readonly state: 'taken'; readonly votes: readonly [VerifiedVote, ...VerifiedVote[]] };

/**
 * Decides what is done about a failure: the first decision whose rule is met. People agree only when they say the same, with
 * the same option and the same values.
 */
export function decideFailure(votes: readonly VerifiedVote[], rules: DecisionRules): DecisionState {
  const motions = motionsOf(votes, rules);
  for (const motion of motions) {
    const [first, ...others] = motion.votes;
    if (first !== undefined && missingOf([motion.rule], motion.votes).length === 0) {
      return { state: 'taken', votes: [first, ...others] };
    }
  }
  return {
    state: 'open',
    missing: motions.flatMap(({ says, rule, votes: agreed }) =>
      missingOf([rule], agreed).map((more) => `${says}: ${more}`),
    ),
  };
}

/** What a decision gate asks for, before anybody has answered. */
export function askedForDecisions(rules: DecisionRules): string[] {
  const named = FAILURE_DECISIONS.flatMap((decision) => {
    const rule = rules[decision];
    return rule === undefined ? [] : askedFor([rule]).map((whom) => `${decision}: ${whom}`);
  });
  return [...askedFor([rules.default]), ...named];
}

function motionsOf(votes: readonly VerifiedVote[], rules: DecisionRules): Motion[] {
  const motions = new Map<string, VerifiedVote[]>();
  for (const vote of votes) {
    const { decision, option, values } = vote;
    if (!admits(ruleFor(rules, decision), vote)) continue;
    const key = canonicalJson({ decision, option, values });
    motions.set(key, [...(motions.get(key) ?? []), vote]);
  }
  return [...motions.values()].map((agreed) => {
    const [first] = agreed;
    const says = [first?.decision, first?.option].filter((part) => part !== undefined).join(' ');
    return { says, rule: ruleFor(rules, first?.decision ?? ''), votes: agreed };
  });
}
