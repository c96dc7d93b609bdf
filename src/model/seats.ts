import type { ApprovalRule } from './runbook.ts';
import type { VerifiedVote } from './vote.ts';

/**
 * An answer as rules see it. Where `for` stands, `person` answers in that person's place, and `roles` are those of whom
 * they stand for.
 */
export type Answerer = Pick<VerifiedVote, 'person' | 'roles' | 'for' | 'heardBy' | 'deviation'>;

/** Whose right an answer uses: that of whoever gave it, or of whom they stand for. */
export function authorityOf({ person, for: delegator }: Pick<Answerer, 'person' | 'for'>): string {
  return delegator ?? person;
}

/** Everybody who is in an answer: who gave it, and whom they stand for. */
export function peopleIn({ person, for: delegator }: Pick<Answerer, 'person' | 'for'>): readonly string[] {
  return delegator === undefined || delegator === person ? [person] : [person, delegator];
}

/** Whether two answers come from the same person, by whatever way: together they count once. */
export function isSamePerson(one: Pick<Answerer, 'person' | 'for'>, other: typeof one): boolean {
  const people = peopleIn(other);
  return peopleIn(one).some((person) => people.includes(person));
}

/** Whether somebody in one of two answers vouches for the other: they are no two people who agree. */
export function isVouchedFor(one: Pick<Answerer, 'person' | 'for' | 'heardBy'>, other: typeof one): boolean {
  const vouches = (answer: typeof one, { heardBy = [] }: typeof one): boolean =>
    peopleIn(answer).some((person) => heardBy.includes(person));
  return vouches(one, other) || vouches(other, one);
}

/** Whether a rule would let this answer fill one of its places. */
export function admits(rule: ApprovalRule, answer: Answerer): boolean {
  return 'role' in rule ? answer.roles.includes(rule.role) : rule.people.includes(authorityOf(answer));
}

/** One place for each person that the rules ask for. */
export function placesOf(rules: readonly ApprovalRule[]): ApprovalRule[] {
  return rules.flatMap((rule) => Array.from({ length: rule.count }, () => rule));
}

/**
 * Gives each answer at most one place, as many places as can be (augmenting paths): whoever could fill two rules takes the
 * one that nobody else can fill.
 *
 * @returns the index of the answer at each filled place
 */
export function seat(places: readonly ApprovalRule[], answers: readonly Answerer[]): Map<number, number> {
  const answerAt = new Map<number, number>();
  const place = (index: number, tried: Set<number>): boolean => {
    const answer = answers[index];
    return (
      answer !== undefined &&
      places.some((rule, at) => {
        if (tried.has(at) || !admits(rule, answer)) return false;
        tried.add(at);
        const holder = answerAt.get(at);
        if (holder !== undefined && !place(holder, tried)) return false;
        answerAt.set(at, index);
        return true;
      })
    );
  };
  answers.forEach((_, index) => place(index, new Set()));
  return answerAt;
}

/** What the rules still miss, a sentence for each rule that is not met. */
export function missingOf(rules: readonly ApprovalRule[], answers: readonly Answerer[]): string[] {
  const places = placesOf(rules);
  const filled = seat(places, answers);
  return rules.flatMap((rule) => {
    const open = places.filter((place, at) => place === rule && !filled.has(at)).length;
    return open === 0 ? [] : [`${open} more ${ofWhom(rule)}`];
  });
}

/** What the rules ask for, before anybody has answered. */
export function askedFor(rules: readonly ApprovalRule[]): string[] {
  return rules.map((rule) => `${rule.count} ${ofWhom(rule)}`);
}

function ofWhom(rule: ApprovalRule): string {
  return 'role' in rule ? `with role ${rule.role}` : `of ${rule.people.join(', ')}`;
}
