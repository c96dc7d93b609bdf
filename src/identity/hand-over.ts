import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../model/actor.ts';
import type { KeptCredential, PeopleStore } from '../store/index.ts';
import { isSameHash, sha256Hex } from './credentials.ts';
import { IdentityError } from './identity-error.ts';
import type { Sessions, SignedIn } from './sessions.ts';

/** The browser hands the code on at once; nobody types it. */
const CODE_LIMIT_MS = 60_000;

/** What the command line shows for a session. */
export interface Redeeming {
  readonly code: string;
  /** What the challenge was made of (PKCE, S256): only the program that began has it. */
  readonly verifier: string;
  /** Where it comes from, such as an address. */
  readonly source: string;
}

/**
 * Lets a program on the person's own machine act as somebody who has signed in with a browser (RFC 8252, RFC 7636). The
 * program gets a session of its own, which lasts no longer than the one in the browser: nobody prolongs a login by it.
 */
export class HandOvers {
  readonly #sessions: Sessions;
  readonly #store: PeopleStore;
  readonly #now: () => number;

  constructor(sessions: Sessions, store: PeopleStore, now: () => number) {
    this.#sessions = sessions;
    this.#store = store;
    this.#now = now;
  }

  /**
   * Makes the code that is redeemed for a session of whoever has this one.
   *
   * @throws IdentityError `identity.notSignedIn`; `identity.notAllowed` for whatever is no session of a person
   */
  async allow(credential: string, { challenge }: { readonly challenge: string }): Promise<string> {
    const kept = await this.#sessions.keptBy(credential);
    wayOf(kept);
    const code = randomBytes(32).toString('base64url');
    const madeAt = this.#now();
    await this.#store.keepHandOver({
      codeHash: sha256Hex(code),
      challenge,
      session: kept.id,
      madeAt,
      expiresAt: madeAt + CODE_LIMIT_MS,
    });
    return code;
  }

  /**
   * Redeems a code, once.
   *
   * @throws IdentityError `identity.loginUnknown`, `identity.wrongVerifier`, `identity.notSignedIn` when the person has
   *   signed out or was revoked meanwhile
   */
  async redeem({ code, verifier, source }: Redeeming): Promise<SignedIn> {
    const handOver = await this.#store.takeHandOver(sha256Hex(code));
    if (handOver === undefined || handOver.expiresAt <= this.#now()) throw unknown();
    const { person, expiresAt, ...kept } = await this.#sessions.keptAs(handOver.session);
    const way = wayOf(kept);
    const at = this.#now();
    if (!isSameHash(handOver.challenge, challengeOf(verifier))) {
      await this.#store.note({ kind: 'signInFailed', at, person, source, detail: 'command line: verifier' });
      throw new IdentityError(
        'identity.wrongVerifier',
        'Another program has begun this sign-in than the one that ends it. Run muster login again.',
      );
    }
    const signedIn = await this.#sessions.begin(person, { ...way, endsBy: expiresAt });
    await this.#store.note({ kind: 'signedIn', at, person, source, detail: `command line, by ${way.via}` });
    return signedIn;
  }
}

/**
 * Refuses whoever has nothing to hand over.
 *
 * @throws IdentityError `identity.notAllowed`
 */
export function assertHandsOver(actor: Pick<Actor, 'via'>): asserts actor is { via: 'password' | 'oidc' } {
  const { via } = actor;
  if (via === 'password' || via === 'oidc') return;
  throw new IdentityError('identity.notAllowed', REFUSED[via] ?? 'This login cannot be handed over.');
}

const REFUSED: Partial<Readonly<Record<Actor['via'], string>>> = {
  local: 'Names are believed here, so nobody signs in. On the command line say who acts: --as NAME.',
  token: 'An API token is for what it was made for, and makes no session. Sign in.',
  'break-glass': 'A break-glass account is opened where it is used: muster login --break-glass.',
};

/** How the person came in; the new session is worth the same. */
function wayOf({ kind, via, assurance }: Pick<KeptCredential, 'kind' | 'via' | 'assurance'>) {
  const holder: Pick<Actor, 'via'> = { via: kind === 'token' ? 'token' : via };
  assertHandsOver(holder);
  return { via: holder.via, assurance };
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function unknown(): IdentityError {
  return new IdentityError(
    'identity.loginUnknown',
    'This sign-in is unknown, has been used, or is older than a minute. Run muster login again.',
  );
}
