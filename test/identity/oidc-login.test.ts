import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rolesFor } from '../../src/model/actor.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { accountsOf, MINUTE, openDoor, PASSWORD, PEOPLE } from './door.ts';
import { openOidcDoor, proveVote, settingsFor, signInAs } from './oidc-door.ts';
import { Browser, newKey, REDIRECT_URI, startProvider, type ProviderProcess } from './provider.ts';

const CLIENT_SECRET = `${canarySecret()}+ /&=%`;
let provider: ProviderProcess;
beforeAll(async () => {
  provider = await startProvider({
    keys: [await newKey('k1')],
    clientSecret: CLIENT_SECRET,
    people: {
      'sub-1': { name: 'Greta Holm', preferred_username: 'Greta.Holm', groups: ['ops', 'managers', 'choir'] },
      'sub-2': { name: 'Greta Holm', preferred_username: 'Greta.Holm', groups: ['ops'] },
      'sub-3': { preferred_username: 'nobody', groups: ['choir'] },
      'sub-4': { preferred_username: 'anna', groups: 'ops' },
      'sub-5': { preferred_username: '\u001b[2J', realm_access: { roles: ['ops'] } },
    },
  });
});
afterAll(() => provider.stop());

const withSecret = { clientSecret: async () => CLIENT_SECRET };
const open = (settings: object = {}, parts: Parameters<typeof openDoor>[0] = {}) =>
  openOidcDoor(provider.issuer, { settings: { ...withSecret, ...settings }, parts });

describe('a login at the provider', () => {
  it('gives the roles of the groups that the configuration names', async () => {
    const { identity } = await open();
    const { actor, credential } = await signInAs(identity, 'sub-1');
    expect(actor).toMatchObject({
      name: 'Greta Holm',
      kind: 'person',
      grants: [{ role: 'operator' }, { role: 'dr-manager', runbooks: 'erp-*' }],
      via: 'oidc',
      assurance: 'oidc',
    });
    expect(await identity.actorOf(credential)).toEqual(actor);
  });

  it('makes the same person of the same subject each time', async () => {
    const { identity, again } = await open();
    const people = [await signInAs(identity, 'sub-1'), await signInAs(again(), 'sub-1')];
    expect(new Set(people.map(({ actor }) => actor.person)).size).toBe(1);
  });

  it('tells two subjects apart that name themselves alike', async () => {
    const { identity } = await open();
    const ids = [await signInAs(identity, 'sub-1'), await signInAs(identity, 'sub-2')].map(
      ({ actor }) => actor.person,
    );
    expect(ids).toEqual([
      expect.stringMatching(/^greta-holm-[0-9a-f]{16}$/),
      expect.stringMatching(/^greta-holm-[0-9a-f]{16}$/),
    ]);
    expect(new Set(ids).size).toBe(2);
  });

  it('does not make somebody a person of the configuration by their name', async () => {
    const { identity } = await open();
    const { actor } = await signInAs(identity, 'sub-4');
    expect(actor.person).toMatch(/^anna-[0-9a-f]{16}$/);
  });

  it('is one person with the password of the same human', async () => {
    const linked = PEOPLE.map((each) => (each.id === 'anna' ? { ...each, oidcSubject: 'sub-1' } : each));
    const { identity } = await open({}, { accounts: accountsOf(linked) });
    const logins = [
      await signInAs(identity, 'sub-1'),
      await identity.signIn({ person: 'anna', password: PASSWORD, source: 'test' }),
    ];
    expect(logins.map(({ actor }) => actor.person)).toEqual(['anna', 'anna']);
    expect(rolesFor((await identity.person('anna'))?.grants ?? [], 'erp-failover')).toEqual([
      'operator',
      'dr-manager',
    ]);
  });

  it('reads groups also from within a claim, and shows no control characters', async () => {
    const { identity } = await open({ groupsClaim: 'realm_access.roles' });
    const { actor } = await signInAs(identity, 'sub-5');
    expect(actor).toMatchObject({ grants: [{ role: 'operator' }], name: '[2J' });
  });

  it('is refused to somebody without any role here', async () => {
    const { identity } = await open();
    await expect(signInAs(identity, 'sub-3')).rejects.toMatchObject({ code: 'identity.noRole' });
  });

  it('is refused to a revoked person', async () => {
    const { identity, store, clock } = await open();
    const { actor } = await signInAs(identity, 'sub-1');
    await store.revoke(actor.person, { by: 'ada', reason: 'Left', at: clock.now });
    await expect(signInAs(identity, 'sub-1')).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('leaves no role behind when the configuration names the group no more', async () => {
    const { identity, again } = await open();
    const { credential } = await signInAs(identity, 'sub-1');
    const fewer = settingsFor(provider.issuer, { roles: new Map([['ops', [{ role: 'viewer' }]]]) });
    const { grants } = await again({ oidc: fewer }).actorOf(credential);
    expect(grants).toEqual([{ role: 'viewer' }]);
  });

  it('counts for nothing when another provider is configured', async () => {
    const { identity, again } = await open();
    const { credential } = await signInAs(identity, 'sub-1');
    const other = again({ oidc: settingsFor('https://other.example') });
    await expect(other.actorOf(credential)).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('is recorded, without code, token or secret', async () => {
    const { identity, store } = await open();
    await signInAs(identity, 'sub-1');
    expect(await store.events({ limit: 10 })).toEqual([
      expect.objectContaining({ kind: 'signedIn', detail: 'oidc', source: '192.0.2.7' }),
    ]);
  });
});

describe('what comes back from the provider', () => {
  it('is taken once', async () => {
    const { identity } = await open();
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const cameBack = { query: await new Browser().signIn(url, 'sub-1'), binding, source: 'test' };
    await identity.oidc().finishLogin(cameBack);
    await expect(identity.oidc().finishLogin(cameBack)).rejects.toMatchObject({
      code: 'identity.loginUnknown',
    });
  });

  it('is taken from the browser that began it only', async () => {
    const { identity } = await open();
    const mine = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const theirs = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const query = await new Browser().signIn(theirs.url, 'sub-1');
    const finished = identity.oidc().finishLogin({ query, binding: mine.binding, source: 'test' });
    await expect(finished).rejects.toMatchObject({ code: 'identity.loginUnknown' });
  });

  it('is not taken after ten minutes', async () => {
    const { identity, clock } = await open();
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const query = await new Browser().signIn(url, 'sub-1');
    clock.now += 10 * MINUTE;
    await expect(identity.oidc().finishLogin({ query, binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.loginUnknown',
    });
  });

  it('is not taken with the code of another login', async () => {
    const { identity } = await open();
    const oidc = identity.oidc();
    const [one, other] = [
      await oidc.beginLogin({ redirectUri: REDIRECT_URI }),
      await oidc.beginLogin({ redirectUri: REDIRECT_URI }),
    ];
    const query = await new Browser().signIn(one.url, 'sub-1');
    const stolen = await new Browser().signIn(other.url, 'sub-2');
    query.set('code', stolen.get('code') ?? '');
    await expect(oidc.finishLogin({ query, binding: one.binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.loginRefused',
    });
  });

  it('may be a no, which is told without quoting it whole', async () => {
    const { identity } = await open();
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const state = new URL(url).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ state, error: 'access_denied', iss: provider.issuer });
    await expect(identity.oidc().finishLogin({ query, binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.loginRefused',
      message: expect.stringContaining('access_denied') as string,
    });
  });

  it('is not taken from another issuer', async () => {
    const { identity } = await open();
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const query = await new Browser().signIn(url, 'sub-1');
    query.set('iss', 'https://evil.example');
    await expect(identity.oidc().finishLogin({ query, binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.badToken',
    });
  });

  it('is nothing without the secret of the client', async () => {
    const { identity } = await open({ clientSecret: async () => 'another secret' });
    const error = await signInAs(identity, 'sub-1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'identity.providerUnavailable' });
    expect(inspect(error, { depth: 9 })).not.toContain('another secret');
  });
});

describe('a proof of a vote', () => {
  const nonce = 'd'.repeat(64);

  it('is signed by the provider over what the vote says, after asking again', async () => {
    const { identity, clock } = await open();
    const browser = new Browser();
    const { actor } = await signInAs(identity, 'sub-1', browser);
    const proof = await proveVote(identity, { person: actor.person, nonce, as: 'sub-1' }, browser);
    expect(proof.person).toBe(actor.person);
    expect(await identity.oidc().verifyIdToken(proof.idToken, { nonce, now: clock.now })).toMatchObject({
      person: actor.person,
      subject: 'sub-1',
      keyFrom: 'provider',
    });
  });

  it('belongs to that vote only', async () => {
    const { identity, clock } = await open();
    const { actor } = await signInAs(identity, 'sub-1');
    const { idToken } = await proveVote(identity, { person: actor.person, nonce, as: 'sub-1' });
    const verified = identity.oidc().verifyIdToken(idToken, { nonce: 'e'.repeat(64), now: clock.now });
    await expect(verified).rejects.toMatchObject({ code: 'identity.badToken' });
  });

  it('is given by the person who votes only', async () => {
    const { identity } = await open();
    const { actor } = await signInAs(identity, 'sub-1');
    const proof = proveVote(identity, { person: actor.person, nonce, as: 'sub-2' });
    await expect(proof).rejects.toMatchObject({ code: 'identity.otherPerson' });
  });

  it('is no login, and a login is no proof', async () => {
    const { identity } = await open();
    const { actor } = await signInAs(identity, 'sub-1');
    const oidc = identity.oidc();
    const proof = await oidc.beginVoteProof({ person: actor.person, nonce, redirectUri: REDIRECT_URI });
    const login = await oidc.beginLogin({ redirectUri: REDIRECT_URI });
    const cameBack = async ({ url, binding }: typeof login) => ({
      query: await new Browser().signIn(url, 'sub-1'),
      binding,
      source: 'test',
    });
    await expect(oidc.finishLogin(await cameBack(proof))).rejects.toMatchObject({
      code: 'identity.loginUnknown',
    });
    await expect(oidc.finishVoteProof(await cameBack(login))).rejects.toMatchObject({
      code: 'identity.loginUnknown',
    });
  });

  it('proves nobody else, whatever the database says of them', async () => {
    const { identity, clock, database } = await open();
    const [{ actor: greta }, { actor: other }] = [
      await signInAs(identity, 'sub-1'),
      await signInAs(identity, 'sub-2'),
    ];
    const { idToken } = await proveVote(identity, { person: other.person, nonce, as: 'sub-2' });
    await database.run("DELETE FROM provider_people WHERE subject = 'sub-1'");
    await database.run("UPDATE provider_people SET person = $1 WHERE subject = 'sub-2'", [greta.person]);
    const { person } = await identity.oidc().verifyIdToken(idToken, { nonce, now: clock.now });
    expect(person).toBeUndefined();
  });

  it('is refused when the provider did not ask again', async () => {
    const { identity } = await open();
    const browser = new Browser();
    const { actor } = await signInAs(identity, 'sub-1', browser);
    const { url, binding } = await identity
      .oidc()
      .beginVoteProof({ person: actor.person, nonce, redirectUri: REDIRECT_URI });
    // Whoever steals a browser removes what makes the provider ask. It still says when it asked last, or nothing.
    const silent = new URL(url);
    silent.searchParams.delete('prompt');
    silent.searchParams.delete('max_age');
    const query = await browser.signIn(silent.href, 'sub-1');
    const proof = identity.oidc().finishVoteProof({ query, binding, source: 'test' });
    await expect(proof).rejects.toMatchObject({ code: 'identity.notFresh' });
  });
});

describe('without a provider', () => {
  it('says that none is configured', async () => {
    const { identity } = await openDoor();
    expect(() => identity.oidc()).toThrow(expect.objectContaining({ code: 'identity.noProvider' }));
  });

  it.each(['http://127.0.0.1:1', 'http://127.0.0.1:1/realms/x'])(
    'that answers (%s), nobody signs in',
    async (issuer) => {
      const { identity } = await openOidcDoor(issuer);
      await expect(identity.oidc().beginLogin({ redirectUri: REDIRECT_URI })).rejects.toMatchObject({
        code: 'identity.providerUnavailable',
      });
    },
  );

  it('calls itself by another name, nobody signs in', async () => {
    const { identity } = await openOidcDoor(provider.issuer.replace('127.0.0.1', 'localhost'));
    await expect(identity.oidc().beginLogin({ redirectUri: REDIRECT_URI })).rejects.toMatchObject({
      code: 'identity.providerUnavailable',
    });
  });
});
