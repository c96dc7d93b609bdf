import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { delegate, delegationsOf, undelegate, type DelegationParts } from '../../src/client/delegations.ts';
import { createIdentity, type Account } from '../../src/identity/index.ts';
import type { Actor, Grant } from '../../src/model/actor.ts';
import { storesForTest } from '../support/database.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const account = (id: string, role: string, over: Partial<Account> = {}): Account => ({
  id,
  name: id,
  kind: 'person',
  grants: [{ role }],
  ...over,
});
const ACCOUNTS = [
  account('carla', 'dr-manager'),
  account('boris', 'dr-manager'),
  account('ada', 'admin'),
  account('vera', 'viewer'),
  account('nightly', 'operator', { kind: 'service' }),
  account('glass', 'operator', { kind: 'break-glass' }),
];

function actor(person: string, { grants, ...over }: Partial<Actor> = {}): Actor {
  const known: readonly Grant[] = ACCOUNTS.find(({ id }) => id === person)?.grants ?? [];
  const way = { via: 'password', assurance: 'twoFactor' } as const;
  return { person, name: person, kind: 'person', grants: grants ?? known, ...way, ...over };
}

/** Delegations over tables that only this test has, on a clock that the test moves. */
async function desk() {
  const clock = { now: NOW };
  const stores = await storesForTest({ folder: tmpdir(), now: () => clock.now });
  const accounts = new Map(ACCOUNTS.map((one) => [one.id, one]));
  const identity = createIdentity({ accounts, store: stores.people, now: () => clock.now });
  const as = (who: Actor): DelegationParts => ({
    delegations: stores.delegations,
    identity,
    actor: who,
    now: () => clock.now,
  });
  const holds = (from: string, to: string) => stores.delegations.holds({ from, to, at: clock.now });
  return { as, clock, holds, stores };
}

const ASKED = { to: 'boris', until: NOW + 8 * HOUR, reason: ' on leave ' };

test('a delegation holds from now until it ends', async () => {
  const { as, clock, holds } = await desk();
  expect(await delegate(ASKED, as(actor('carla')))).toMatchObject({
    from: 'carla',
    to: 'boris',
    reason: 'on leave',
    begins: NOW,
    ends: NOW + 8 * HOUR,
  });
  const during = await holds('carla', 'boris');
  clock.now += 8 * HOUR;
  expect([during, await holds('carla', 'boris')]).toEqual([true, false]);
});

test.each([
  ['oneself', { to: 'carla' }, 'identity.badRequest'],
  ['nobody that there is', { to: 'xaver' }, 'identity.unknownPerson'],
  ['a service', { to: 'nightly' }, 'identity.badRequest'],
  ['a break-glass account', { to: 'glass' }, 'identity.badRequest'],
  ['somebody who answers no gates', { to: 'vera' }, 'identity.badRequest'],
  ['somebody for more than 30 days', { until: NOW + 30 * DAY + 1 }, 'identity.badRequest'],
  ['somebody until a time that is over', { until: NOW }, 'identity.badRequest'],
  ['somebody without a reason', { reason: ' ' }, 'identity.badRequest'],
])('nothing is delegated to %s', async (_whom, over, code) => {
  const { as, stores } = await desk();
  await expect(delegate({ ...ASKED, ...over }, as(actor('carla')))).rejects.toMatchObject({ code });
  expect(await stores.delegations.pending(NOW)).toEqual([]);
});

test('nothing is delegated to somebody who is revoked', async () => {
  const { as, stores } = await desk();
  await stores.people.revoke('boris', { by: 'ada', reason: 'left', at: NOW });
  await expect(delegate(ASKED, as(actor('carla')))).rejects.toThrow('boris is revoked.');
});

test.each([
  ['a viewer', actor('vera')],
  ['an admin', actor('ada')],
  ['a break-glass account', actor('glass', { kind: 'break-glass', grants: [{ role: 'operator' }] })],
  ['a service', actor('nightly', { kind: 'service', via: 'token' })],
  [
    'a token for some runbooks only',
    actor('carla', { via: 'token', tokenScope: { actions: ['gate.delegate'], runbooks: 'erp-*' } }),
  ],
])('%s delegates nothing', async (_who, who) => {
  const { as } = await desk();
  await expect(delegate(ASKED, as(who))).rejects.toMatchObject({ code: 'identity.notAllowed' });
});

test('whoever answers for some runbooks only may delegate that', async () => {
  const { as } = await desk();
  const carla = actor('carla', { grants: [{ role: 'dr-manager', runbooks: 'erp-*' }] });
  expect(await delegate(ASKED, as(carla))).toMatchObject({ to: 'boris' });
});

test.each(['carla', 'boris', 'ada'])('%s can end it at once', async (person) => {
  const { as, holds } = await desk();
  const { id } = await delegate(ASKED, as(actor('carla')));
  await undelegate({ id }, as(actor(person)));
  expect(await holds('carla', 'boris')).toBe(false);
});

test('a stranger neither ends a delegation nor learns that it is there', async () => {
  const { as, holds } = await desk();
  const { id } = await delegate(ASKED, as(actor('carla')));
  const dieter = as(actor('dieter', { grants: [{ role: 'app-owner' }] }));
  const errors = await Promise.all(
    [id, 'dl-unknown'].map((one) => undelegate({ id: one }, dieter).catch((error: unknown) => String(error))),
  );
  expect(errors[0]).toBe(errors[1]);
  expect(await holds('carla', 'boris')).toBe(true);
});

test('delegations are seen by whoever may see people', async () => {
  const { as } = await desk();
  await delegate(ASKED, as(actor('carla')));
  expect(await delegationsOf(as(actor('ada')))).toHaveLength(1);
  await expect(delegationsOf(as(actor('vera')))).rejects.toMatchObject({ code: 'identity.notAllowed' });
});
