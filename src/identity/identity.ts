import type { Actor } from '../model/actor.ts';
import type { IdentityEvent, PeopleStore } from '../store/index.ts';
import { People, type Account, type Accounts, type PersonNow } from './accounts.ts';
import { HandOvers } from './hand-over.ts';
import { IdentityError } from './identity-error.ts';
import { OidcDoor } from './oidc/oidc-door.ts';
import type { OidcSettings } from './oidc/settings.ts';
import { PasswordDoor, type PasswordLogin } from './password-login.ts';
import { assertMay } from './permissions.ts';
import { Sessions, type SignedIn } from './sessions.ts';
import { Tokens } from './tokens.ts';

/** Why a break-glass account is opened, in so many characters. */
const REASON_LENGTH = { min: 5, max: 500 };
const MAX_EVENTS = 1_000;
/** Long enough to hand a message over; an emergency does not wait for a dead mail server. */
const TELL_LIMIT_MS = 3_000;

/** The one door to who somebody is and what came of them. Everything throws IdentityError or StoreError. */
export interface Identity {
  /** Who acts by a session or a token. @throws IdentityError `identity.notSignedIn` */
  actorOf(credential: string): Promise<Actor>;
  /**
   * Who acts by their word alone, where the configuration trusts it (`signIn.trustLocal`).
   *
   * @throws IdentityError `identity.notTrusted`, `identity.unknownPerson`, `identity.notSignedIn` (revoked)
   */
  asserted(person: string): Promise<Actor>;
  /** @throws IdentityError `identity.wrongCredentials`, `identity.throttled`, `identity.busy` */
  signIn(login: PasswordLogin): Promise<SignedIn>;
  /** Opens a break-glass account, for an hour and loudly. @throws IdentityError as signIn, `identity.badRequest` without a reason */
  breakGlass(login: PasswordLogin & { readonly reason: string }): Promise<SignedIn>;
  /** Sessions for the command line, of whoever has signed in with a browser. */
  readonly handOvers: HandOvers;
  /** What people can sign in with. */
  readonly ways: SignInWays;
  /** Ends a session; one that is over is fine. */
  signOut(credential: string): Promise<void>;
  /** A person as they are at this moment, for checking votes; undefined for an id that nobody has or had. */
  person(id: string): Promise<PersonNow | undefined>;
  /** Everybody, as they are at this moment. Whoever shows this to somebody asks for `people.read` first. */
  people(): Promise<readonly PersonNow[]>;
  readonly tokens: Tokens;
  /** Takes everything from a person at once. @throws IdentityError `identity.notAllowed`, `identity.unknownPerson`, `identity.badRequest` */
  revoke(actor: Actor, request: { readonly person: string; readonly reason: string }): Promise<void>;
  /** Lets a revoked person in again; their sessions and tokens stay ended. @throws as revoke */
  reinstate(actor: Actor, request: { readonly person: string }): Promise<void>;
  /** The record of people and logins, newest first. @throws IdentityError `identity.notAllowed` */
  events(
    actor: Actor,
    options?: { readonly limit?: number; readonly person?: string },
  ): Promise<readonly IdentityEvent[]>;
  /** The identity provider. @throws IdentityError `identity.noProvider` */
  oidc(): OidcDoor;
}

/** What people can sign in with; break-glass accounts are not told of. */
export interface SignInWays {
  readonly password: boolean;
  readonly provider: boolean;
}

/** What identity stands on. */
export interface IdentityParts {
  readonly accounts: Accounts;
  readonly store: PeopleStore;
  /** Whether people are who they say. Default false. */
  readonly trustLocal?: boolean;
  readonly oidc?: OidcSettings;
  /**
   * Is told at once what must not go unnoticed: a break-glass login, a revocation. When it fails, or takes longer than a few
   * seconds, things go on without it: the record has it already.
   */
  readonly tell?: (event: IdentityEvent) => Promise<void>;
  /** Milliseconds since 1970; default: this machine's time. */
  readonly now?: () => number;
}

/** Opens the door. */
export function createIdentity({
  accounts,
  store,
  trustLocal = false,
  oidc,
  tell = async () => undefined,
  now = Date.now,
}: IdentityParts): Identity {
  const people = new People(accounts, store, oidc);
  const sessions = new Sessions(people, store, now);
  const passwords = new PasswordDoor(accounts, store, now);
  const provider = oidc === undefined ? undefined : new OidcDoor(oidc, { accounts, store, sessions, now });

  return {
    actorOf: (credential) => sessions.actorOf(credential),

    async asserted(id) {
      if (!trustLocal) {
        throw new IdentityError(
          'identity.notTrusted',
          'A name alone is not believed here. Sign in (`muster login`).',
        );
      }
      const person = await people.find(id);
      // The account for emergencies is opened with its password and a reason, here as well.
      if (person === undefined || person.kind === 'break-glass') throw unknownPerson(id, accounts);
      if (person.revoked !== undefined) {
        throw new IdentityError('identity.notSignedIn', `${id} is revoked.`);
      }
      const { name, kind, grants } = person;
      return { person: id, name, kind, grants, via: 'local', assurance: 'asserted' };
    },

    async signIn(login) {
      const account = await passwords.open(login, 'person');
      const signedIn = await sessions.begin(account.id, { via: 'password', assurance: assuranceOf(account) });
      const { source } = login;
      await store.note({ kind: 'signedIn', at: now(), person: account.id, source, detail: 'password' });
      return signedIn;
    },

    async breakGlass({ reason, ...login }) {
      const why = reason.trim();
      if (why.length < REASON_LENGTH.min || why.length > REASON_LENGTH.max) {
        const message = `Say in ${REASON_LENGTH.min} to ${REASON_LENGTH.max} characters why the break-glass account is needed.`;
        throw new IdentityError('identity.badRequest', message);
      }
      const account = await passwords.open(login, 'break-glass');
      // Kept before anything can be done with it.
      const { source } = login;
      const event = { kind: 'breakGlass', at: now(), person: account.id, source, detail: why } as const;
      await store.note(event);
      await tellInTime(tell, event);
      return sessions.begin(account.id, {
        via: 'break-glass',
        assurance: assuranceOf(account),
        reason: why,
      });
    },

    handOvers: new HandOvers(sessions, store, now),
    ways: {
      password: [...accounts.values()].some(
        ({ kind, passwordHash }) => kind === 'person' && passwordHash !== undefined,
      ),
      provider: oidc !== undefined,
    },

    async signOut(credential) {
      const person = await sessions.end(credential);
      if (person !== undefined) await store.note({ kind: 'signedOut', at: now(), person });
    },

    person: (id) => people.find(id),
    people: () => people.all(),
    tokens: new Tokens(people, store, now),

    async revoke(actor, { person, reason }) {
      assertMay(actor, 'people.change');
      if (reason.trim() === '' || reason.length > REASON_LENGTH.max) {
        throw new IdentityError('identity.badRequest', 'Say why, in at most 500 characters.');
      }
      if ((await people.find(person)) === undefined) throw unknownPerson(person, accounts);
      const at = now();
      await store.revoke(person, { by: actor.person, reason, at });
      await tellInTime(tell, { kind: 'personRevoked', at, person, by: actor.person, detail: reason });
    },

    async reinstate(actor, { person }) {
      assertMay(actor, 'people.change');
      if (actor.person === person) {
        throw new IdentityError('identity.notAllowed', 'Nobody reinstates themselves.');
      }
      if (!(await store.reinstate(person, { by: actor.person, at: now() }))) {
        throw new IdentityError('identity.badRequest', `${person} is not revoked.`);
      }
    },

    async events(actor, { limit = 100, person } = {}) {
      assertMay(actor, 'refusals.read');
      return store.events({ limit: Math.min(limit, MAX_EVENTS), ...(person !== undefined && { person }) });
    },

    oidc() {
      if (provider !== undefined) return provider;
      throw new IdentityError(
        'identity.noProvider',
        'No identity provider is configured. Add signIn.oidc to muster.yaml, or sign in with a password.',
      );
    },
  };
}

async function tellInTime(
  tell: (event: IdentityEvent) => Promise<void>,
  event: IdentityEvent,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TELL_LIMIT_MS);
  });
  const told = Promise.resolve()
    .then(() => tell(event))
    .catch(() => undefined);
  await Promise.race([told, limit]);
  clearTimeout(timer);
}

function assuranceOf({ passcodeSecret }: Account): 'password' | 'twoFactor' {
  return passcodeSecret === undefined ? 'password' : 'twoFactor';
}

function unknownPerson(id: string, accounts: Accounts): IdentityError {
  const known = [...accounts.values()].filter(({ kind }) => kind !== 'break-glass').map((each) => each.id);
  return new IdentityError(
    'identity.unknownPerson',
    `Nobody is called ${id.slice(0, 64)}. muster.yaml knows ${known.length === 0 ? 'nobody' : known.join(', ')}.`,
  );
}
