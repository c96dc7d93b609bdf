import { createHmac, randomBytes } from 'node:crypto';
import type { PeopleStore } from '../store/index.ts';
import type { Account, Accounts } from './accounts.ts';
import { IdentityError } from './identity-error.ts';
import { dummyHashFor, verifyPassword } from './passwords.ts';
import { FORGET_TRIES_MS, limitsOf, personKey, sourceKey } from './sign-in-limits.ts';
import { stepOfPasscode } from './totp.ts';

/** What somebody typed to sign in. */
export interface PasswordLogin {
  readonly person: string;
  readonly password: string;
  /** The six digits of the second factor, where there is one. */
  readonly code?: string;
  /** Where it comes from, such as an address: failures are counted for it. */
  readonly source: string;
}

/** What came of a passcode: the time step it belongs to, or why it cannot be checked. */
interface Passcode {
  readonly step?: number;
  readonly unusable?: string;
}

/** Longer input is nobody's name. */
const MAX_CLAIMED_LENGTH = 64;

/** Who tried, where nobody has the name that was typed: it may be a password in the wrong field, and the ledger never forgets. */
const NOBODY_KNOWN = '?';

/** Proves people by password and second factor. Answers in the same way, and the same time, for whoever is wrong. */
export class PasswordDoor {
  readonly #accounts: Accounts;
  readonly #store: PeopleStore;
  readonly #now: () => number;
  readonly #hashes: readonly string[];
  /** Of this process: what is counted under a name that nobody has can be guessed by nobody. */
  readonly #countKey = randomBytes(32);

  constructor(accounts: Accounts, store: PeopleStore, now: () => number) {
    this.#accounts = accounts;
    this.#store = store;
    this.#now = now;
    this.#hashes = [...accounts.values()].flatMap(({ passwordHash }) => passwordHash ?? []);
  }

  /**
   * The account of somebody who proved that it is theirs.
   *
   * @param kind whose door this is: the one of people, or the one for break-glass accounts
   * @throws IdentityError `identity.wrongCredentials`, `identity.throttled`, `identity.busy`
   */
  async open(login: PasswordLogin, kind: 'person' | 'break-glass'): Promise<Account> {
    const claimed = login.person.slice(0, MAX_CLAIMED_LENGTH);
    const account = this.#accounts.get(claimed);
    const person = account?.id ?? NOBODY_KNOWN;
    const counted = account?.id ?? this.#unknown(claimed);
    const source = printable(login.source.slice(0, MAX_CLAIMED_LENGTH));
    const passcode = await this.#readPasscode(account, login.code);
    const tookStep = await this.#beginTry({ person: counted, source, step: passcode.step });
    const wrong = await this.#findWrong({ login, account, kind, passcode, tookStep });
    if (wrong === undefined && account !== undefined) {
      await this.#store.clearTries(personKey(counted));
      await this.#store.forgiveTry(sourceKey(source), this.#now());
      return account;
    }
    await this.#store.note({
      kind: 'signInFailed',
      at: this.#now(),
      person,
      source,
      detail: wrong ?? 'unknown',
    });
    throw new IdentityError('identity.wrongCredentials', 'Name, password or passcode is wrong.');
  }

  /** Under what tries at a name that nobody has are counted: each name by itself, as those that somebody has. */
  #unknown(claimed: string): string {
    return `${NOBODY_KNOWN}${createHmac('sha256', this.#countKey).update(claimed).digest('base64url')}`;
  }

  /** Answers whether the passcode was used up by this. */
  async #beginTry({
    person,
    source,
    step,
  }: {
    readonly person: string;
    readonly source: string;
    readonly step: number | undefined;
  }): Promise<boolean> {
    const limits = limitsOf(person, source);
    const at = this.#now();
    const options = { at, forgetBefore: at - FORGET_TRIES_MS };
    const blockedUntil = await this.#store.beginTry(limits, options);
    if (blockedUntil === undefined) return false;
    // Who has the second factor is let through, so that no stranger can keep them out. Each passcode pays for one try.
    if (step !== undefined && (await this.#store.takePasscodeStep(person, step))) {
      await this.#store.beginTry(limits, { ...options, evenIfBlocked: true });
      return true;
    }
    const retryAfterMs = blockedUntil - at;
    throw new IdentityError(
      'identity.throttled',
      `There were too many failed sign-ins for this name or from this place. Try again in ${Math.ceil(retryAfterMs / 1_000)} s; with a fresh passcode of the second factor you need not wait.`,
      { retryAfterMs },
    );
  }

  /** What is wrong, for the record only; undefined when nothing is. */
  async #findWrong({
    login: { person, password },
    account,
    kind,
    passcode: { step, unusable },
    tookStep,
  }: {
    readonly login: PasswordLogin;
    readonly account: Account | undefined;
    readonly kind: 'person' | 'break-glass';
    readonly passcode: Passcode;
    readonly tookStep: boolean;
  }): Promise<string | undefined> {
    const hash = account?.passwordHash ?? dummyHashFor(person, this.#hashes);
    const isRight = await verifyPassword(password, hash);
    if (account === undefined) return 'unknown person';
    if (account.passwordHash === undefined) return 'no password';
    if (!isRight) return 'password';
    if (account.kind !== kind) return 'another kind of account';
    if ((await this.#store.revocationOf(account.id)) !== undefined) return 'revoked';
    if (account.passcodeSecret === undefined || tookStep) return undefined;
    if (unusable !== undefined) return `second factor unusable: ${unusable}`;
    if (step === undefined) return 'passcode';
    return (await this.#store.takePasscodeStep(account.id, step)) ? undefined : 'passcode used before';
  }

  /** What is wrong with the secret is nothing for a stranger to know: it goes into the record. */
  async #readPasscode(account: Account | undefined, code: string | undefined): Promise<Passcode> {
    if (account?.passcodeSecret === undefined || code === undefined || code.length > 20) return {};
    try {
      const step = stepOfPasscode(await account.passcodeSecret(), code, this.#now());
      return step === undefined ? {} : { step };
    } catch (error) {
      return { unusable: error instanceof Error ? error.message : 'unknown' };
    }
  }
}

/** Where a stranger comes from, without anything that a terminal obeys. */
function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
}
