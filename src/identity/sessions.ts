import type { Actor, Assurance } from '../model/actor.ts';
import type { KeptCredential, PeopleStore } from '../store/index.ts';
import type { People, PersonNow } from './accounts.ts';
import { isSameHash, newCredential, readCredential } from './credentials.ts';
import { IdentityError } from './identity-error.ts';

const MINUTE_MS = 60_000;
/** A working day: whoever works longer signs in again. */
export const SESSION_LIMIT_MS = 12 * 60 * MINUTE_MS;
/** A session that nobody uses for this long is over. */
export const SESSION_IDLE_MS = 2 * 60 * MINUTE_MS;
/** A break-glass account is opened for one emergency. */
export const BREAK_GLASS_LIMIT_MS = 60 * MINUTE_MS;
/** When somebody was last seen is kept to the minute, so that reading does not write each time. */
const TOUCH_EVERY_MS = MINUTE_MS;

/** What somebody holds after signing in. */
export interface SignedIn {
  readonly actor: Actor;
  /** `mss_…`. Shown once; only its hash is kept. */
  readonly credential: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** How somebody came in. */
export interface WayIn {
  readonly via: 'password' | 'oidc' | 'break-glass';
  readonly assurance: Exclude<Assurance, 'asserted'>;
  /** Why, for a break-glass account. */
  readonly reason?: string;
  /** When the session is over at the latest, where something else says so. Milliseconds since 1970. */
  readonly endsBy?: number;
}

/** Sessions and tokens: makes them, and says who acts by one. */
export class Sessions {
  readonly #people: People;
  readonly #store: PeopleStore;
  readonly #now: () => number;

  constructor(people: People, store: PeopleStore, now: () => number) {
    this.#people = people;
    this.#store = store;
    this.#now = now;
  }

  /** @throws IdentityError `identity.notSignedIn` when the person was revoked at this moment */
  async begin(id: string, { via, assurance, reason = '', endsBy = Infinity }: WayIn): Promise<SignedIn> {
    const { text, ...made } = newCredential('session');
    const madeAt = this.#now();
    const kept: KeptCredential = {
      ...made,
      person: id,
      via,
      assurance,
      note: reason,
      madeAt,
      expiresAt: Math.min(madeAt + (via === 'break-glass' ? BREAK_GLASS_LIMIT_MS : SESSION_LIMIT_MS), endsBy),
      lastUsedAt: madeAt,
    };
    const isKept = await this.#store.keepCredential(kept);
    const person = await this.#people.find(id);
    if (!isKept || person === undefined || person.revoked !== undefined) throw notSignedIn();
    return { actor: actorBy(kept, person), credential: text, expiresAt: kept.expiresAt };
  }

  /**
   * Who acts by a credential. Everything is asked anew each time: whether it still stands, who its owner is now and which
   * roles they hold now.
   *
   * @throws IdentityError `identity.notSignedIn`, which does not tell why: that is nobody's business who has no session
   */
  async actorOf(text: string): Promise<Actor> {
    const kept = await this.keptBy(text);
    const person = await this.#people.find(kept.person);
    if (person === undefined || person.revoked !== undefined) throw notSignedIn();
    const now = this.#now();
    if (now - kept.lastUsedAt >= TOUCH_EVERY_MS) await this.#store.touchCredential(kept.id, now);
    return actorBy(kept, person);
  }

  /** What is kept of a credential that stands. @throws IdentityError `identity.notSignedIn` */
  async keptBy(text: string): Promise<KeptCredential> {
    const read = readCredential(text);
    const kept = read === undefined ? undefined : await this.#store.credential(read.id);
    const isIt =
      read !== undefined &&
      kept !== undefined &&
      isSameHash(read.secretHash, kept.secretHash) &&
      read.kind === kept.kind;
    if (!isIt || !this.#stands(kept)) throw notSignedIn();
    return kept;
  }

  /** The same, of the credential with this id: for what its owner has said by it before. @throws as {@link keptBy} */
  async keptAs(id: string): Promise<KeptCredential> {
    const kept = await this.#store.credential(id);
    if (kept === undefined || !this.#stands(kept)) throw notSignedIn();
    return kept;
  }

  /** Ends a session. One that is not there, or of which only the id is known, is fine and changes nothing. */
  async end(text: string): Promise<string | undefined> {
    const read = readCredential(text);
    const kept = read === undefined ? undefined : await this.#store.credential(read.id);
    if (read === undefined || kept?.kind !== 'session') return undefined;
    if (!isSameHash(read.secretHash, kept.secretHash)) return undefined;
    return (await this.#store.endCredential(kept.id, this.#now())) ? kept.person : undefined;
  }

  #stands({ kind, endedAt, expiresAt, lastUsedAt }: KeptCredential): boolean {
    const now = this.#now();
    if (endedAt !== undefined || expiresAt <= now) return false;
    return kind === 'token' || now - lastUsedAt < SESSION_IDLE_MS;
  }
}

function actorBy({ kind, via, assurance, scope, note }: KeptCredential, person: PersonNow): Actor {
  return {
    person: person.id,
    name: person.name,
    kind: person.kind,
    grants: person.grants,
    via: kind === 'token' ? 'token' : via,
    assurance,
    // A token without a scope is for nothing.
    ...(kind === 'token' && { tokenScope: scope ?? { actions: [] } }),
    ...(via === 'break-glass' && { reason: note }),
  };
}

function notSignedIn(): IdentityError {
  return new IdentityError('identity.notSignedIn', 'You are not signed in, or no longer. Sign in again.');
}
