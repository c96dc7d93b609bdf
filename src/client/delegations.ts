import { randomUUID } from 'node:crypto';
import { assertMay, IdentityError, mayDo, mayDoSomewhere, type Identity } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import type { Delegation, DelegationStore } from '../store/index.ts';
import type { DelegateRequest } from './muster.ts';

export interface DelegationParts {
  readonly delegations: DelegationStore;
  readonly identity: Pick<Identity, 'person'>;
  readonly actor: Actor;
  readonly now: () => number;
}

/** A holiday. Whoever is away longer is asked again who stands in. */
const MAX_DELEGATION_MS = 30 * 24 * 3_600_000;
const MAX_REASON_LENGTH = 500;
/** Nobody stands in for more people than this, or lets more people stand in. */
const MAX_PENDING = 50;

/** See Muster.delegate. */
export async function delegate(
  { to, until, reason }: DelegateRequest,
  { delegations, identity, actor, now }: DelegationParts,
): Promise<Delegation> {
  assertMayDelegate(actor);
  // An answer knows its time in whole seconds: one that is given right now must not seem older than this.
  const begins = Math.floor(now() / 1_000) * 1_000;
  if (reason.trim() === '' || reason.length > MAX_REASON_LENGTH) {
    throw badRequest(`Say why, in at most ${MAX_REASON_LENGTH} characters. It is kept.`);
  }
  if (!Number.isInteger(until) || until <= begins || until > begins + MAX_DELEGATION_MS) {
    throw badRequest('A delegation ends; say when, at most 30 days from now.');
  }
  if (to === actor.person) throw badRequest('Nobody stands in for themselves.');
  await assertCanStandIn(to, identity);
  const own = (await delegations.pending(begins)).filter(({ from }) => from === actor.person);
  if (own.length >= MAX_PENDING) {
    throw badRequest(`${MAX_PENDING} people stand in for you already. End one first.`);
  }
  const made: Delegation = {
    id: `dl-${randomUUID().slice(0, 8)}`,
    from: actor.person,
    to,
    reason: reason.trim(),
    begins,
    ends: until,
  };
  await delegations.add(made);
  return made;
}

/** See Muster.undelegate. */
export async function undelegate(
  { id }: { readonly id: string },
  { delegations, actor, now }: DelegationParts,
): Promise<Delegation> {
  const endsAny = mayDo(actor, 'people.change');
  if (!endsAny) assertMayDelegate(actor);
  const found = (await delegations.pending(now())).find(
    ({ from, to, ...one }) => one.id === id && (endsAny || from === actor.person || to === actor.person),
  );
  if (found === undefined || !(await delegations.end(id, actor.person))) {
    throw badRequest('There is no such delegation of yours, or it has ended already.');
  }
  return found;
}

/** See Muster.delegations. */
export async function delegationsOf({
  delegations,
  actor,
  now,
}: DelegationParts): Promise<readonly Delegation[]> {
  const seesAll = mayDoSomewhere(actor, 'people.read');
  if (!seesAll && !mayDoSomewhere(actor, 'gate.delegate')) assertMay(actor, 'people.read');
  const pending = await delegations.pending(now());
  return pending.filter(({ from, to }) => seesAll || from === actor.person || to === actor.person);
}

/**
 * Somebody who answers for some runbooks only may let another do that. A token for some runbooks may not: a delegation
 * covers all that its maker may answer.
 */
function assertMayDelegate(actor: Actor): void {
  const isNarrow = actor.tokenScope?.runbooks !== undefined;
  if (isNarrow || !mayDoSomewhere(actor, 'gate.delegate')) assertMay(actor, 'gate.delegate');
}

/** Told now, not at night when the answer is needed. Each answer is checked again all the same. */
async function assertCanStandIn(to: string, identity: DelegationParts['identity']): Promise<void> {
  const person = await identity.person(to);
  if (person === undefined) throw new IdentityError('identity.unknownPerson', `Nobody is called ${to}.`);
  const { id, name, kind, grants, revoked } = person;
  if (kind !== 'person') throw badRequest(`${to} is no person, and answers for nobody.`);
  if (revoked !== undefined) throw badRequest(`${to} is revoked.`);
  const them: Actor = { person: id, name, kind, grants, via: 'password', assurance: 'password' };
  if (!mayDoSomewhere(them, 'gate.vote')) {
    throw badRequest(
      `${to} answers no gates: this needs the role operator, or one that a rule of a runbook names. Delegate to somebody else.`,
    );
  }
}

function badRequest(message: string): IdentityError {
  return new IdentityError('identity.badRequest', message);
}
