import { describe, expect, it } from 'vitest';
import { mayDo } from '../../src/identity/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import { HOUR, openDoor, PASSWORD, type Door } from './door.ts';

const DAY = 24 * HOUR;
const READ = { note: 'for the dashboard', scope: { actions: ['run.list', 'run.show'] }, validMs: 30 * DAY };

async function signedIn({ identity }: Pick<Door, 'identity'>, person: string): Promise<Actor> {
  return (await identity.signIn({ person, password: PASSWORD, source: 'test' })).actor;
}

describe('a token', () => {
  it('acts as its owner, for what it was made for', async () => {
    const door = await openDoor();
    const { credential } = await door.identity.tokens.make(await signedIn(door, 'anna'), READ);
    const actor = await door.identity.actorOf(credential);
    expect(actor).toMatchObject({ person: 'anna', kind: 'person', via: 'token' });
    expect([mayDo(actor, 'run.list'), mayDo(actor, 'run.start.drill')]).toEqual([true, false]);
  });

  it('is shown once, and kept as a hash', async () => {
    const door = await openDoor();
    const anna = await signedIn(door, 'anna');
    const { credential, id } = await door.identity.tokens.make(anna, READ);
    const kept = JSON.stringify([
      await door.store.credential(id),
      await door.identity.tokens.list(anna, { person: 'anna' }),
      await door.store.events({ limit: 10 }),
    ]);
    expect(kept).not.toContain(credential.slice(17));
  });

  it('ends when its time is over', async () => {
    const door = await openDoor();
    const { credential } = await door.identity.tokens.make(await signedIn(door, 'anna'), READ);
    door.clock.now += 30 * DAY;
    await expect(door.identity.actorOf(credential)).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('ends when it is revoked', async () => {
    const door = await openDoor();
    const anna = await signedIn(door, 'anna');
    const { credential, id } = await door.identity.tokens.make(anna, READ);
    await door.identity.tokens.end(anna, id);
    await expect(door.identity.actorOf(credential)).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('tells when it was last used, to the minute', async () => {
    const door = await openDoor();
    const anna = await signedIn(door, 'anna');
    const { credential, madeAt } = await door.identity.tokens.make(anna, READ);
    door.clock.now += HOUR;
    await door.identity.actorOf(credential);
    const [listed] = await door.identity.tokens.list(anna, { person: 'anna' });
    expect(listed?.lastUsedAt).toBe(madeAt + HOUR);
  });

  it('is one person with all other tokens of its owner', async () => {
    const door = await openDoor();
    const anna = await signedIn(door, 'anna');
    const tokens = [await door.identity.tokens.make(anna, READ), await door.identity.tokens.make(anna, READ)];
    const people = await Promise.all(
      tokens.map(async ({ credential }) => (await door.identity.actorOf(credential)).person),
    );
    expect(people).toEqual(['anna', 'anna']);
  });

  it('makes no further token', async () => {
    const door = await openDoor();
    const scope = { actions: ['run.list'] };
    const { credential } = await door.identity.tokens.make(await signedIn(door, 'anna'), { ...READ, scope });
    const byToken = await door.identity.actorOf(credential);
    await expect(door.identity.tokens.make(byToken, READ)).rejects.toMatchObject({
      code: 'identity.notAllowed',
    });
  });

  it.each([
    ['no scope', { scope: { actions: [] } }],
    ['an action that is none', { scope: { actions: ['run.everything'] } }],
    ['an action that no token may have', { scope: { actions: ['people.change'] } }],
    ['runbooks that are no pattern', { scope: { actions: ['run.list'], runbooks: 'ERP/.*' } }],
    ['no end', { validMs: Infinity }],
    ['an end in two years', { validMs: 731 * DAY }],
    ['an end in the past', { validMs: -1 }],
    ['no purpose', { note: '  ' }],
    ['a very long purpose', { note: 'x'.repeat(201) }],
  ])('is not made with %s', async (_, wrong) => {
    const door = await openDoor();
    const made = door.identity.tokens.make(await signedIn(door, 'anna'), { ...READ, ...wrong });
    await expect(made).rejects.toMatchObject({ code: 'identity.badRequest' });
  });
});

describe('a service', () => {
  it('gets its token from an admin, and never votes by it', async () => {
    const door = await openDoor();
    const scope = { actions: ['run.start.drill'] };
    const { credential } = await door.identity.tokens.make(await signedIn(door, 'ada'), {
      ...READ,
      scope,
      person: 'nightly',
    });
    const actor = await door.identity.actorOf(credential);
    expect([mayDo(actor, 'run.start.drill'), mayDo(actor, 'gate.vote')]).toEqual([true, false]);
  });

  it('has no token that could vote', async () => {
    const door = await openDoor();
    const made = door.identity.tokens.make(await signedIn(door, 'ada'), {
      ...READ,
      scope: { actions: ['gate.vote'] },
      person: 'nightly',
    });
    await expect(made).rejects.toMatchObject({ code: 'identity.badRequest' });
  });
});

describe('tokens of others', () => {
  it('are made by nobody, not even an admin', async () => {
    const door = await openDoor();
    const made = door.identity.tokens.make(await signedIn(door, 'ada'), { ...READ, person: 'anna' });
    await expect(made).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });

  it('are seen and ended by an admin only', async () => {
    const door = await openDoor();
    const [anna, ada] = [await signedIn(door, 'anna'), await signedIn(door, 'ada')];
    const { id } = await door.identity.tokens.make(ada, { ...READ, person: 'nightly' });
    await expect(door.identity.tokens.list(anna)).rejects.toMatchObject({ code: 'identity.notAllowed' });
    await expect(door.identity.tokens.end(anna, id)).rejects.toMatchObject({ code: 'identity.notAllowed' });
    await expect(door.identity.tokens.end(ada, id)).resolves.toBeUndefined();
  });

  it('are not given away by asking for an id', async () => {
    const door = await openDoor();
    const anna = await signedIn(door, 'anna');
    await expect(door.identity.tokens.end(anna, 'aaaaaaaaaaaa')).rejects.toMatchObject({
      code: 'identity.notAllowed',
    });
  });
});

describe('a revoked person', () => {
  const revoke = async (door: Door, person: string): Promise<void> => {
    await door.identity.revoke(await signedIn(door, 'ada'), { person, reason: 'Left the company' });
  };

  it('is out at once, with all sessions and tokens, in every process', async () => {
    const door = await openDoor();
    const session = await door.identity.signIn({ person: 'anna', password: PASSWORD, source: 'test' });
    const token = await door.identity.tokens.make(session.actor, READ);
    await revoke(door, 'anna');
    for (const { credential } of [session, token]) {
      await expect(door.again().actorOf(credential)).rejects.toMatchObject({ code: 'identity.notSignedIn' });
    }
  });

  it('cannot sign in, and is not told why', async () => {
    const door = await openDoor();
    await revoke(door, 'anna');
    await expect(signedIn(door, 'anna')).rejects.toMatchObject({ code: 'identity.wrongCredentials' });
  });

  it('is not believed by name either', async () => {
    const door = await openDoor({ trustLocal: true });
    await revoke(door, 'anna');
    await expect(door.identity.asserted('anna')).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('holds no role for votes that are checked now', async () => {
    const door = await openDoor();
    await revoke(door, 'boris');
    expect(await door.identity.person('boris')).toEqual({
      id: 'boris',
      name: 'Boris',
      kind: 'person',
      grants: [],
      revoked: { by: 'ada', reason: 'Left the company', at: door.clock.now },
    });
  });

  it('comes back with new sessions only', async () => {
    const door = await openDoor();
    const session = await door.identity.signIn({ person: 'anna', password: PASSWORD, source: 'test' });
    await revoke(door, 'anna');
    await door.identity.reinstate(await signedIn(door, 'ada'), { person: 'anna' });
    await expect(door.identity.actorOf(session.credential)).rejects.toMatchObject({
      code: 'identity.notSignedIn',
    });
    expect(await signedIn(door, 'anna')).toMatchObject({ person: 'anna' });
  });

  it('has no session left from signing in at the same moment', async () => {
    const door = await openDoor();
    const ada = await signedIn(door, 'ada');
    const logins = Array.from({ length: 6 }, (_, each) =>
      door.identity.signIn({ person: 'anna', password: PASSWORD, source: `s${each}` }),
    );
    await door.identity.revoke(ada, { person: 'anna', reason: 'Now' });
    await Promise.allSettled(logins);
    await door.store.reinstate('anna', { by: 'ada', at: door.clock.now });
    const left = (await door.store.credentials('session', 'anna')).filter(
      ({ endedAt }) => endedAt === undefined,
    );
    expect(left).toEqual([]);
  });

  it('is revoked by an admin only, with a reason, and does not reinstate themselves', async () => {
    const door = await openDoor();
    const [anna, ada] = [await signedIn(door, 'anna'), await signedIn(door, 'ada')];
    const codes = await Promise.all(
      [
        door.identity.revoke(anna, { person: 'boris', reason: 'why not' }),
        door.identity.revoke(ada, { person: 'boris', reason: ' ' }),
        door.identity.revoke(ada, { person: 'nobody', reason: 'gone' }),
        door.identity.reinstate(ada, { person: 'ada' }),
        door.identity.reinstate(ada, { person: 'boris' }),
      ].map((done) => done.catch((error: unknown) => (error as { code: string }).code)),
    );
    expect(codes).toEqual([
      'identity.notAllowed',
      'identity.badRequest',
      'identity.unknownPerson',
      'identity.notAllowed',
      'identity.badRequest',
    ]);
  });
});

it('Failed sign-ins are seen by those who look after the system only', async () => {
  const door = await openDoor();
  const [ada, boris] = [
    await signedIn(door, 'ada'),
    { ...(await signedIn(door, 'anna')), grants: [{ role: 'dr-manager' }] },
  ];
  expect(await door.identity.events(ada)).toHaveLength(2);
  await expect(door.identity.events(boris)).rejects.toMatchObject({ code: 'identity.notAllowed' });
});

it('Everybody is listed with the roles they hold now', async () => {
  const { identity } = await openDoor();
  const people = await identity.people();
  expect(people.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    'anna person',
    'boris person',
    'ada person',
    'nightly service',
    'glass break-glass',
  ]);
});
