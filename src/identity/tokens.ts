import type { Actor, TokenScope } from '../model/actor.ts';
import type { KeptCredential, PeopleStore } from '../store/index.ts';
import type { People, PersonNow } from './accounts.ts';
import { newCredential } from './credentials.ts';
import { IdentityError } from './identity-error.ts';
import { assertMay, isAction, kindMay, mayDo, tokenMay } from './permissions.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Whoever needs a token longer makes a new one. */
export const MAX_TOKEN_MS = 366 * DAY_MS;
const MAX_NOTE_LENGTH = 200;

/** What a token is to be. */
export interface NewToken {
  /** What it is for, so that somebody can tell it from others later. */
  readonly note: string;
  readonly scope: TokenScope;
  readonly validMs: number;
  /** The service it is for; absent: for oneself. */
  readonly person?: string;
}

/** A token as lists show it. */
export type ListedToken = Omit<KeptCredential, 'secretHash' | 'kind'>;

/** A new token. `credential` is shown once; only its hash is kept. */
export interface MadeToken extends ListedToken {
  readonly credential: string;
}

/** API tokens: one's own, and for an admin those of services and of others. */
export class Tokens {
  readonly #people: People;
  readonly #store: PeopleStore;
  readonly #now: () => number;

  constructor(people: People, store: PeopleStore, now: () => number) {
    this.#people = people;
    this.#store = store;
    this.#now = now;
  }

  /**
   * Makes a token. An admin makes those of services; a token of a person only that person makes, since whoever has it acts
   * as them.
   *
   * @throws IdentityError `identity.notAllowed`, `identity.badRequest`, `identity.unknownPerson`
   */
  async make(actor: Actor, { note, scope, validMs, person = actor.person }: NewToken): Promise<MadeToken> {
    const isOwn = person === actor.person;
    assertMay(actor, isOwn ? 'token.own' : 'people.change');
    if (actor.via === 'local') {
      throw badRequest('A stack that trusts names needs no tokens, and a name alone gets none.');
    }
    const owner = await this.#people.find(person);
    if (owner === undefined) throw new IdentityError('identity.unknownPerson', `Nobody is called ${person}.`);
    if (!isOwn && owner.kind !== 'service') {
      throw new IdentityError(
        'identity.notAllowed',
        `Whoever has a token of ${person} acts as ${person}, so only they make one. Others make tokens for services.`,
      );
    }
    assertScope(owner, scope);
    if (!Number.isInteger(validMs) || validMs < 1_000 || validMs > MAX_TOKEN_MS) {
      throw badRequest('A token expires; say when, at most a year from now.');
    }
    if (note.trim() === '' || note.length > MAX_NOTE_LENGTH) {
      throw badRequest(`Say what the token is for, in at most ${MAX_NOTE_LENGTH} characters.`);
    }
    const { text, ...made } = newCredential('token');
    const madeAt = this.#now();
    const kept: KeptCredential = {
      ...made,
      person,
      via: 'token',
      // It is worth what its maker proved; a service is known by its token alone.
      assurance: isOwn && actor.assurance !== 'asserted' ? actor.assurance : 'password',
      note,
      scope,
      ...(!isOwn && { madeBy: actor.person }),
      madeAt,
      expiresAt: madeAt + validMs,
      lastUsedAt: madeAt,
    };
    if (!(await this.#store.keepCredential(kept))) {
      throw new IdentityError('identity.unknownPerson', `${person} is revoked.`);
    }
    await this.#store.note({
      kind: 'tokenMade',
      at: madeAt,
      person,
      by: actor.person,
      detail: `${kept.id}: ${note}`,
    });
    return { ...listed(kept), credential: text };
  }

  /**
   * Tokens of oneself, or for those who may see people, of somebody or everybody. Also those that ended.
   *
   * @throws IdentityError `identity.notAllowed`
   */
  async list(actor: Actor, { person }: { readonly person?: string } = {}): Promise<readonly ListedToken[]> {
    assertMay(actor, person === actor.person ? 'token.own' : 'people.change');
    return (await this.#store.credentials('token', person)).map(listed);
  }

  /**
   * Ends a token.
   *
   * @throws IdentityError `identity.notAllowed`, `identity.badRequest` when there is no such token, or it has ended
   */
  async end(actor: Actor, id: string): Promise<void> {
    const kept = await this.#store.credential(id);
    const isOwn = kept?.person === actor.person && mayDo(actor, 'token.own');
    if (!isOwn) assertMay(actor, 'people.change');
    const at = this.#now();
    if (kept?.kind !== 'token' || !(await this.#store.endCredential(id, at))) {
      throw badRequest('There is no such token, or it has ended already.');
    }
    await this.#store.note({ kind: 'tokenEnded', at, person: kept.person, by: actor.person, detail: id });
  }
}

/** @throws IdentityError `identity.badRequest` for a scope that its owner could never use */
function assertScope({ id, kind }: PersonNow, { actions, runbooks }: TokenScope): void {
  if (actions.length === 0) throw badRequest('Say what the token may do: name at least one action.');
  const unknown = actions.find((action) => !isAction(action));
  if (unknown !== undefined) throw badRequest(`There is no action ${unknown.slice(0, 64)}.`);
  const never = actions.find((action) => isAction(action) && !(tokenMay(action) && kindMay(kind, action)));
  if (never !== undefined) throw badRequest(`${never} is nothing that ${id} can do by token.`);
  if (runbooks !== undefined && !/^[a-z0-9*-]{1,64}$/.test(runbooks)) {
    throw badRequest('Name runbooks by a pattern such as erp-*.');
  }
}

function listed(kept: KeptCredential): ListedToken {
  const { id, person, via, assurance, note, scope, madeBy, madeAt, expiresAt, lastUsedAt, endedAt } = kept;
  return {
    id,
    person,
    via,
    assurance,
    note,
    ...(scope !== undefined && { scope }),
    ...(madeBy !== undefined && { madeBy }),
    madeAt,
    expiresAt,
    lastUsedAt,
    ...(endedAt !== undefined && { endedAt }),
  };
}

function badRequest(message: string): IdentityError {
  return new IdentityError('identity.badRequest', message);
}
