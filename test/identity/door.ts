import { createIdentity, type Account, type Identity, type IdentityParts } from '../../src/identity/index.ts';
import { SECRET_MARK } from '../../src/simulator/index.ts';
import type { Database, PeopleStore } from '../../src/store/index.ts';
import { postgresPeople } from '../../src/store/postgres/people.ts';
import { totpCode } from '../../src/veeam/totp.ts';
import { databaseForTest } from '../support/database.ts';

/** It begins with the mark, so that the tables of all tests are searched for it. */
export const PASSWORD = `${SECRET_MARK} horse battery`;
export const PASSCODE_SECRET = `${SECRET_MARK}GEZDGNBVGY3TQOJQGEZD`;
export const NOON = Date.parse('2026-03-02T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Of {@link PASSWORD}, as cheap as is allowed: tests sign in often. */
export const HASH =
  '$scrypt$ln=15,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$+AONXYNbI3pG3C8c6sQ4xGmy1KT6c63VaJfnEIZ/kZk';

/** Anna has a password, Boris also a second factor; a service, a break-glass account, and an admin. */
export const PEOPLE: readonly Account[] = [
  { id: 'anna', name: 'Anna', kind: 'person', grants: [{ role: 'operator' }], passwordHash: HASH },
  {
    id: 'boris',
    name: 'Boris',
    kind: 'person',
    grants: [{ role: 'dr-manager' }],
    passwordHash: HASH,
    passcodeSecret: async () => PASSCODE_SECRET,
  },
  { id: 'ada', name: 'Ada', kind: 'person', grants: [{ role: 'admin' }], passwordHash: HASH },
  { id: 'nightly', name: 'Nightly', kind: 'service', grants: [{ role: 'operator' }] },
  {
    id: 'glass',
    name: 'The envelope',
    kind: 'break-glass',
    grants: [{ role: 'operator' }],
    passwordHash: HASH,
  },
];

/** An identity over tables that only this test has, with a clock that the test moves. */
export interface Door {
  readonly identity: Identity;
  readonly store: PeopleStore;
  readonly database: Database;
  readonly clock: { now: number };
  /** Another process on the same tables. */
  readonly again: (parts?: Partial<IdentityParts>) => Identity;
}

export async function openDoor(parts: Partial<IdentityParts> = {}): Promise<Door> {
  const database = await databaseForTest();
  const store = postgresPeople(database);
  const clock = { now: NOON };
  const open = (more: Partial<IdentityParts> = {}): Identity =>
    createIdentity({
      accounts: accountsOf(PEOPLE),
      store,
      now: () => clock.now,
      ...parts,
      ...more,
    });
  return { identity: open(), store, database, clock, again: open };
}

export function accountsOf(people: readonly Account[]): ReadonlyMap<string, Account> {
  return new Map(people.map((account) => [account.id, account]));
}

/** The passcode of a moment, as an authenticator app shows it. */
export function passcodeAt(now: number): string {
  return totpCode(PASSCODE_SECRET, Math.floor(now / 30_000));
}
