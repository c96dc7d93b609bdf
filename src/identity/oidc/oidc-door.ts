import { randomBytes } from 'node:crypto';
import type { PeopleStore } from '../../store/index.ts';
import type { Accounts } from '../accounts.ts';
import { isSameHash, sha256Hex } from '../credentials.ts';
import { IdentityError } from '../identity-error.ts';
import type { Sessions, SignedIn } from '../sessions.ts';
import { verifyIdToken, type ProvenIdToken } from './id-token.ts';
import { groupsOf, handleOf, isIdOf, personIdOf, shownNameOf } from './person-of.ts';
import { ProviderKeys } from './provider-keys.ts';
import { Provider } from './provider.ts';
import type { OidcSettings } from './settings.ts';

/** Time enough to find a phone; a login that takes longer begins anew. */
const LOGIN_LIMIT_MS = 10 * 60_000;

/** A login that has begun. */
export interface BegunLogin {
  /** Where to send the browser. */
  readonly url: string;
  /** A secret for a cookie of that browser (HttpOnly, SameSite=Lax): the login ends only where it began. */
  readonly binding: string;
}

/** What the browser brought back. */
export interface CameBack {
  /** The query of the address it came to. */
  readonly query: URLSearchParams;
  readonly binding: string;
  readonly source: string;
}

/** A login made for one vote. */
export interface VoteProof {
  /** The ID token, to be kept with the vote. */
  readonly idToken: string;
  readonly person: string;
  /** Milliseconds since 1970. */
  readonly authTime: number;
}

/** An ID token that holds, and whose it is. */
export interface ProvenPerson extends ProvenIdToken {
  /** Undefined for somebody who never signed in here. */
  readonly person: string | undefined;
}

/** Signing in through an identity provider, and proving votes by it. */
export class OidcDoor {
  readonly settings: OidcSettings;
  readonly #accounts: Accounts;
  readonly #store: PeopleStore;
  readonly #sessions: Sessions;
  readonly #now: () => number;
  readonly #provider: Provider;
  readonly #keys: ProviderKeys;

  constructor(
    settings: OidcSettings,
    parts: {
      readonly accounts: Accounts;
      readonly store: PeopleStore;
      readonly sessions: Sessions;
      readonly now: () => number;
    },
  ) {
    this.settings = settings;
    this.#accounts = parts.accounts;
    this.#store = parts.store;
    this.#sessions = parts.sessions;
    this.#now = parts.now;
    this.#provider = new Provider(settings, parts.now);
    this.#keys = new ProviderKeys({
      issuer: settings.issuer,
      addressOf: () => this.#provider.keysAddress(),
      store: parts.store,
      now: parts.now,
    });
  }

  /**
   * Begins a login. `redirectUri` is where the provider sends the browser back to; it must be registered there.
   *
   * @throws IdentityError `identity.providerUnavailable`
   */
  async beginLogin({ redirectUri }: { readonly redirectUri: string }): Promise<BegunLogin> {
    return this.#begin({ redirectUri, nonce: secretText() });
  }

  /**
   * Ends a login.
   *
   * @throws IdentityError `identity.loginUnknown`, `identity.loginRefused`, `identity.badToken`, `identity.noRole`,
   *   `identity.notSignedIn` (revoked), `identity.providerUnavailable`
   */
  async finishLogin(cameBack: CameBack): Promise<SignedIn> {
    const { proven, login } = await this.#finish(cameBack);
    if (login.person !== undefined) throw loginUnknown();
    const person = await this.#keepPerson(proven);
    const signedIn = await this.#sessions.begin(person, { via: 'oidc', assurance: 'oidc' });
    const at = this.#now();
    await this.#store.note({ kind: 'signedIn', at, person, source: cameBack.source, detail: 'oidc' });
    return signedIn;
  }

  /**
   * Begins the login that proves one vote: the provider asks the person again, and signs what they vote.
   *
   * @param options.nonce the digest of what the vote says
   * @throws IdentityError `identity.providerUnavailable`
   */
  async beginVoteProof(options: {
    readonly person: string;
    readonly nonce: string;
    readonly redirectUri: string;
  }): Promise<BegunLogin> {
    return this.#begin(options);
  }

  /**
   * Ends the login that proves one vote.
   *
   * @throws IdentityError as {@link finishLogin}, `identity.otherPerson`, `identity.notFresh`
   */
  async finishVoteProof(cameBack: CameBack): Promise<VoteProof> {
    const { proven, login, idToken } = await this.#finish(cameBack);
    if (login.person === undefined) throw loginUnknown();
    const person = await this.#keepPerson(proven);
    if (person !== login.person) {
      const message = `${person} has signed in at the identity provider, but ${login.person} is voting. Sign out there and vote again.`;
      throw new IdentityError('identity.otherPerson', message);
    }
    const { authTime } = proven;
    if (authTime === undefined || authTime < login.begunAt - this.settings.clockToleranceMs) {
      const message =
        'The identity provider did not ask the person again, or does not say when it did. It has to support max_age=0 and auth_time for votes.';
      throw new IdentityError('identity.notFresh', message);
    }
    return { idToken, person, authTime };
  }

  /**
   * Checks an ID token that is kept with a vote, now or years later.
   *
   * @param options.nonce the digest of what the vote says
   * @param options.now when the vote was cast, in milliseconds
   * @throws IdentityError `identity.badToken`, `identity.providerUnavailable` when its key was never kept
   */
  async verifyIdToken(
    idToken: string,
    { nonce, now }: { readonly nonce: string; readonly now: number },
  ): Promise<ProvenPerson> {
    const proven = await verifyIdToken(idToken, {
      settings: this.settings,
      providerKeys: this.#keys,
      nonce,
      now,
      keys: 'kept',
    });
    return { ...proven, person: await this.#personOf(proven.subject) };
  }

  async #begin({
    redirectUri,
    nonce,
    person,
  }: {
    readonly redirectUri: string;
    readonly nonce: string;
    readonly person?: string;
  }): Promise<BegunLogin> {
    const secrets = { state: secretText(), nonce, verifier: secretText() };
    const url = await this.#provider.loginAddress(secrets, { redirectUri, again: person !== undefined });
    const binding = secretText();
    const begunAt = this.#now();
    await this.#store.keepLogin({
      stateHash: sha256Hex(secrets.state),
      bindingHash: sha256Hex(binding),
      verifier: secrets.verifier,
      nonce,
      redirectUri,
      begunAt,
      expiresAt: begunAt + LOGIN_LIMIT_MS,
      ...(person !== undefined && { person }),
    });
    return { url, binding };
  }

  async #finish({ query, binding }: CameBack) {
    const state = query.get('state') ?? '';
    const login = await this.#store.takeLogin(sha256Hex(state));
    if (
      login === undefined ||
      !isSameHash(login.bindingHash, sha256Hex(binding)) ||
      login.expiresAt <= this.#now()
    ) {
      throw loginUnknown();
    }
    // Where it came back to is what was asked for, whatever a proxy in between made of the address.
    const cameBackTo = new URL(login.redirectUri);
    cameBackTo.search = query.toString();
    const { verifier, nonce } = login;
    const idToken = await this.#provider.idToken(cameBackTo, { state, nonce, verifier });
    const proven = await verifyIdToken(idToken, {
      settings: this.settings,
      providerKeys: this.#keys,
      nonce,
      now: this.#now(),
      keys: 'listed',
    });
    return { login, idToken, proven };
  }

  /** Keeps what the provider says of somebody now, and answers their id here. */
  async #keepPerson({ subject, claims }: ProvenIdToken): Promise<string> {
    const { issuer } = this.settings;
    const linked = this.#linkedTo(subject);
    const handle = handleOf(claims, this.settings);
    const person = (await this.#personOf(subject)) ?? personIdOf({ issuer, subject, handle });
    const groups = groupsOf(claims, this.settings);
    // What groups gave before is taken away also when nothing is left.
    const isKept =
      (linked !== undefined || !this.#accounts.has(person)) &&
      (await this.#store.keepProviderPerson({
        person,
        issuer,
        subject,
        name: shownNameOf(claims, this.settings),
        groups,
        seenAt: this.#now(),
      }));
    if (!isKept) {
      const message = `The id ${person} belongs to somebody else in muster.yaml or at another provider. Rename it there.`;
      throw new IdentityError('identity.otherPerson', message);
    }
    if (groups.length === 0 && (linked?.grants.length ?? 0) === 0) {
      const message = `The identity provider vouches for you, but none of your groups (claim ${this.settings.groupsClaim}) has a role here. Ask whoever looks after muster.yaml.`;
      throw new IdentityError('identity.noRole', message);
    }
    return person;
  }

  /** The id of a subject: the one of the configuration, or the one it got at its first login. */
  async #personOf(subject: string): Promise<string | undefined> {
    const linked = this.#linkedTo(subject);
    if (linked !== undefined) return linked.id;
    const { issuer } = this.settings;
    const known = (await this.#store.providerPersonOf(issuer, subject))?.person;
    // An account that is no longer linked is somebody else again.
    return known !== undefined && isIdOf(known, { issuer, subject }) ? known : undefined;
  }

  #linkedTo(subject: string) {
    return [...this.#accounts.values()].find(({ oidcSubject }) => oidcSubject === subject);
  }
}

function secretText(): string {
  return randomBytes(32).toString('base64url');
}

function loginUnknown(): IdentityError {
  const message =
    'This login was not begun in this browser, has been used, or took longer than 10 minutes. Begin anew.';
  return new IdentityError('identity.loginUnknown', message);
}
