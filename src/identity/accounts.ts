import type { Grant, PersonKind } from '../model/actor.ts';
import type { PeopleStore, ProviderPerson, Revocation } from '../store/index.ts';
import { grantsOfGroups, isIdOf } from './oidc/person-of.ts';
import type { OidcSettings } from './oidc/settings.ts';

/** Somebody the configuration knows, with what they sign in with. */
export interface Account {
  /** What `--as` and rules name: lower case, no spaces. */
  readonly id: string;
  readonly name: string;
  readonly kind: PersonKind;
  readonly grants: readonly Grant[];
  /** As `hashPassword` makes it; absent: no login with a password. */
  readonly passwordHash?: string;
  /** The base32 secret of the second factor, read anew each time. */
  readonly passcodeSecret?: () => Promise<string>;
  /** The `sub` of the account at the identity provider that is the same person. */
  readonly oidcSubject?: string;
}

/** Who there is, by id. */
export type Accounts = ReadonlyMap<string, Account>;

/** A person as everything knows them at this moment: the configuration, the identity provider's last word, revocations. */
export interface PersonNow {
  readonly id: string;
  readonly name: string;
  readonly kind: PersonKind;
  /** None when revoked. */
  readonly grants: readonly Grant[];
  readonly revoked?: Revocation;
}

/** The part of the identity provider's settings that says what its word is worth here. */
type ProviderWord = Pick<OidcSettings, 'issuer' | 'roles'>;

/** Looks people up. Nothing is remembered between two calls, so what is taken away is gone at once. */
export class People {
  readonly #accounts: Accounts;
  readonly #store: PeopleStore;
  readonly #provider: ProviderWord | undefined;

  constructor(accounts: Accounts, store: PeopleStore, provider: ProviderWord | undefined) {
    this.#accounts = accounts;
    this.#store = store;
    this.#provider = provider;
  }

  /** Undefined when neither the configuration nor the identity provider ever knew this id. */
  async find(id: string): Promise<PersonNow | undefined> {
    const [provided, revoked] = await Promise.all([
      this.#store.providerPerson(id),
      this.#store.revocationOf(id),
    ]);
    return this.#merged(id, provided, revoked);
  }

  /** Everybody, those of the configuration first. */
  async all(): Promise<readonly PersonNow[]> {
    const [provided, revocations] = await Promise.all([
      this.#store.providerPeople(),
      this.#store.revocations(),
    ]);
    const byId = new Map(provided.map((each) => [each.person, each]));
    const ids = new Set([...this.#accounts.keys(), ...byId.keys()]);
    return [...ids].flatMap((id) => this.#merged(id, byId.get(id), revocations.get(id)) ?? []);
  }

  /** Somebody in both has the roles of both: the configuration's, and those of their groups. */
  #merged(
    id: string,
    provided: ProviderPerson | undefined,
    revoked: Revocation | undefined,
  ): PersonNow | undefined {
    const account = this.#accounts.get(id);
    const byProvider = this.#isBelieved(account, provided) ? provided : undefined;
    if (account === undefined && byProvider === undefined) return undefined;
    const ofGroups =
      this.#provider === undefined ? [] : grantsOfGroups(byProvider?.groups ?? [], this.#provider);
    return {
      id,
      name: account?.name ?? byProvider?.name ?? id,
      kind: account?.kind ?? 'person',
      grants: revoked === undefined ? [...(account?.grants ?? []), ...ofGroups] : [],
      ...(revoked !== undefined && { revoked }),
    };
  }

  /** What another provider said once, or this one of an account that is no longer linked, counts for nothing. */
  #isBelieved(account: Account | undefined, provided: ProviderPerson | undefined): boolean {
    if (provided === undefined || provided.issuer !== this.#provider?.issuer) return false;
    return account === undefined
      ? isIdOf(provided.person, provided)
      : account.oidcSubject === provided.subject;
  }
}
