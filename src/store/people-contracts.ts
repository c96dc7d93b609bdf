import type { TokenScope } from '../model/actor.ts';

/** All times here are milliseconds since 1970. */

/** That a person may no longer do anything. */
export interface Revocation {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

/** An API token or a session, without its secret. */
export interface KeptCredential {
  readonly id: string;
  readonly kind: 'token' | 'session';
  /** SHA-256 of the secret, in hex. */
  readonly secretHash: string;
  readonly person: string;
  /** How its owner came in when it was made. */
  readonly via: 'password' | 'oidc' | 'break-glass' | 'token';
  readonly assurance: 'password' | 'twoFactor' | 'oidc';
  /** What it is for; of a break-glass session why it was opened. */
  readonly note: string;
  readonly scope?: TokenScope;
  /** Who made it, when that is not its owner. */
  readonly madeBy?: string;
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number;
  readonly endedAt?: number;
}

/** What happened with people and logins. */
export const IDENTITY_EVENTS = [
  'signedIn',
  'signInFailed',
  'breakGlass',
  'signedOut',
  'tokenMade',
  'tokenEnded',
  'personRevoked',
  'personReinstated',
] as const;
export type IdentityEventKind = (typeof IDENTITY_EVENTS)[number];

/** One line of the record of people and logins. It is only ever added to. */
export interface IdentityEvent {
  readonly kind: IdentityEventKind;
  readonly at: number;
  /** Whom it is about. Of a failed login what was typed: a claim of an unknown sender. */
  readonly person: string;
  /** Who did it, when that is somebody else. */
  readonly by?: string;
  /** Where it came from, such as an address. */
  readonly source?: string;
  readonly detail?: string;
}

/** Somebody as the identity provider described them at their last login there. */
export interface ProviderPerson {
  readonly person: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** Those that the configuration names. What they give is asked of it each time. */
  readonly groups: readonly string[];
  readonly seenAt: number;
}

/** How a kind of tries is held back: `person:anna`, `source:192.0.2.1`. */
export interface TryLimit {
  readonly key: string;
  /** How long the next try has to wait after so many that did not end well. */
  readonly blockMs: (tries: number) => number;
}

/** A login at the identity provider that has begun. It is taken out once. */
export interface PendingLogin {
  /** SHA-256 of `state`, in hex. */
  readonly stateHash: string;
  /** SHA-256 of what the browser that began it keeps, in hex. */
  readonly bindingHash: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly begunAt: number;
  readonly expiresAt: number;
  /** A vote proof: who is to sign in. */
  readonly person?: string;
}

/** A session that its owner hands over from the browser to the command line. It is taken out once. */
export interface HandOver {
  /** SHA-256 of the code that the command line gets, in hex. */
  readonly codeHash: string;
  /** PKCE (S256): what the command line has to know the verifier of. */
  readonly challenge: string;
  /** The id of the session in the browser. */
  readonly session: string;
  readonly madeAt: number;
  readonly expiresAt: number;
}

/** A public key of an identity provider, kept so that what it signed can be checked when the provider is gone. */
export interface ProviderKey {
  readonly issuer: string;
  readonly kid: string;
  /** The JWK as the provider published it, with public parts only. */
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** What is kept of people, whoever vouches for them. Everything throws StoreError. */
export interface PeopleStore {
  /** Takes everything from a person, durably when it returns: all credentials end with it. The first one stays. */
  revoke(person: string, revocation: Revocation): Promise<void>;
  /** Lets a revoked person in again. What ended stays ended. Answers whether there was something to lift. */
  reinstate(person: string, event: { readonly by: string; readonly at: number }): Promise<boolean>;
  revocationOf(person: string): Promise<Revocation | undefined>;
  revocations(): Promise<ReadonlyMap<string, Revocation>>;

  /** Keeps a credential, unless its owner is revoked at that moment: then it answers false. */
  keepCredential(credential: KeptCredential): Promise<boolean>;
  credential(id: string): Promise<KeptCredential | undefined>;
  /** Newest first; of one person, or of all. */
  credentials(kind: KeptCredential['kind'], person?: string): Promise<readonly KeptCredential[]>;
  touchCredential(id: string, at: number): Promise<void>;
  /** Answers whether it was still good. */
  endCredential(id: string, at: number): Promise<boolean>;

  /** Takes a time step of a second factor. Answers false when this one or a later one was taken before. */
  takePasscodeStep(person: string, step: number): Promise<boolean>;

  /**
   * Counts a login that is about to be tried, under each key, before it is known how it ends: so that many at once gain
   * nothing. Answers until when to wait when a key is held back; then nothing is counted.
   *
   * @param options.forgetBefore a key without a try since then starts anew
   * @param options.evenIfBlocked counts and lets it be tried all the same
   */
  beginTry(
    limits: readonly TryLimit[],
    options: { readonly at: number; readonly forgetBefore: number; readonly evenIfBlocked?: boolean },
  ): Promise<number | undefined>;
  /** Takes back one try of a key, which ended well. */
  forgiveTry(key: string, at: number): Promise<void>;
  /** Forgets all tries of a key. */
  clearTries(key: string): Promise<void>;

  note(event: IdentityEvent): Promise<void>;
  /** Newest first. */
  events(options: { readonly limit: number; readonly person?: string }): Promise<readonly IdentityEvent[]>;

  keepLogin(login: PendingLogin): Promise<void>;
  /** Takes it out: of two who try only one gets it. */
  takeLogin(stateHash: string): Promise<PendingLogin | undefined>;

  /** Keeps one; those that are too old go. */
  keepHandOver(handOver: HandOver): Promise<void>;
  /** Takes it out: of two who try only one gets it. */
  takeHandOver(codeHash: string): Promise<HandOver | undefined>;

  /** Keeps what the provider said. Answers false when the id belongs to another subject. */
  keepProviderPerson(person: ProviderPerson): Promise<boolean>;
  providerPerson(person: string): Promise<ProviderPerson | undefined>;
  providerPersonOf(issuer: string, subject: string): Promise<ProviderPerson | undefined>;
  providerPeople(): Promise<readonly ProviderPerson[]>;

  /** Keeps keys by issuer and id. A key that is there is never replaced by another of the same id. */
  keepProviderKeys(keys: readonly ProviderKey[]): Promise<void>;
  providerKeys(issuer: string): Promise<readonly ProviderKey[]>;
}
