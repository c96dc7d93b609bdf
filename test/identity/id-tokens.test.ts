import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, type JWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { verifyIdToken } from '../../src/identity/oidc/id-token.ts';
import { ProviderKeys } from '../../src/identity/oidc/provider-keys.ts';
import { HOUR, MINUTE, openDoor } from './door.ts';
import { openOidcDoor, proveVote, settingsFor, signInAs, tokenBy } from './oidc-door.ts';
import { Browser, CLIENT_ID, newKey, REDIRECT_URI, startProvider, type ProviderProcess } from './provider.ts';

const NONCE = 'd'.repeat(64);
const key = await newKey('k1');
const people = { 'sub-1': { preferred_username: 'greta', groups: ['ops'] } };
let provider: ProviderProcess;
beforeAll(async () => {
  provider = await startProvider({ keys: [key, await newKey('ec', 'ES256')], people });
});
afterAll(() => provider.stop());

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** What the provider would say now. */
function claimsAt(now: number, changes: Readonly<Record<string, unknown>> = {}): JWTPayload {
  return {
    iss: provider.issuer,
    aud: CLIENT_ID,
    sub: 'sub-1',
    iat: seconds(now),
    exp: seconds(now) + 3_600,
    nonce: NONCE,
    ...changes,
  };
}

/** Checks a token as the real provider's, with its real list of keys; what comes of it. */
async function checkerFor(issuer = provider.issuer) {
  const { store, clock } = await openDoor();
  clock.now = Date.now();
  const providerKeys = new ProviderKeys({
    issuer,
    addressOf: async () => `${issuer}/jwks`,
    store,
    now: () => clock.now,
  });
  const check = (
    token: string,
    { keys = 'listed', now = clock.now }: { keys?: 'listed' | 'kept'; now?: number } = {},
  ) =>
    verifyIdToken(token, { settings: settingsFor(issuer), providerKeys, nonce: NONCE, now, keys }).then(
      ({ keyFrom }) => `good, key from ${keyFrom}`,
      (error: unknown) => (error as { code: string }).code,
    );
  return { check, clock, store, providerKeys };
}

describe('an ID token', () => {
  it('of the provider holds', async () => {
    const { check, clock } = await checkerFor();
    expect(await check(await tokenBy(key, claimsAt(clock.now)))).toBe('good, key from provider');
  });

  const now = Date.now();
  const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['that has expired', { exp: seconds(now) - 31 }],
    ['without an end', { exp: undefined }],
    ['without a beginning', { iat: undefined }],
    ['of another issuer', { iss: 'https://login.example' }],
    ['of the issuer with a slash', { iss: 'WITH SLASH' }],
    ['for another audience', { aud: 'another-client' }],
    ['for nobody', { aud: [] }],
    ['for several, issued to somebody else', { aud: [CLIENT_ID, 'another'], azp: 'another' }],
    ['for several, issued to nobody in particular', { aud: [CLIENT_ID, 'another'] }],
    ['with another nonce', { nonce: 'e'.repeat(64) }],
    ['without a nonce', { nonce: undefined }],
    ['with a nonce that is no text', { nonce: [NONCE] }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that is no text', { sub: 7 }],
    ['from the future', { iat: seconds(now) + 120, exp: seconds(now) + 3_600 }],
    ['that is not valid yet', { nbf: seconds(now) + 120 }],
  ];
  it.each(wrong)('%s is refused', async (_, changes) => {
    const { check } = await checkerFor();
    const slashed = changes['iss'] === 'WITH SLASH' ? { iss: `${provider.issuer}/` } : changes;
    const token = await tokenBy(key, claimsAt(now, slashed));
    for (const keys of ['listed', 'kept'] as const) {
      expect(await check(token, { keys, now })).toBe('identity.badToken');
    }
  });

  it.each([
    ['29 s', 'the clock there is ahead', 29, 'good, key from provider'],
    ['31 s', 'the clock there is ahead', 32, 'identity.badToken'],
    ['29 s', 'the token has expired since', -3_629, 'good, key from provider'],
    ['31 s', 'the token has expired since', -3_632, 'identity.badToken'],
  ])('is judged with a tolerance of 30 s: %s, %s', async (_by, _why, off, end) => {
    const { check } = await checkerFor();
    expect(await check(await tokenBy(key, claimsAt(now + off * 1_000)), { now })).toBe(end);
  });

  const forgeries: readonly (readonly [string, (claims: JWTPayload) => Promise<string>])[] = [
    ['alg none', async (claims) => `${part({ alg: 'none', kid: 'k1' })}.${part(claims)}.`],
    [
      'alg None, spelled in another way',
      async (claims) => `${part({ alg: 'nOnE', kid: 'k1' })}.${part(claims)}.`,
    ],
    [
      'HS256, with the public key as its secret',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(Buffer.from(JSON.stringify(publicPart(key)))),
    ],
    [
      'HS256, with the modulus as its secret',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(Buffer.from(key.n ?? '', 'base64url')),
    ],
    ['another key under the same id', async (claims) => tokenBy(await newKey('k1'), claims)],
    ['a key that nobody lists', async (claims) => tokenBy(await newKey('k9'), claims)],
    ['the id of the other key', async (claims) => tokenBy(key, claims, { kid: 'ec' })],
    ['another algorithm than its key is for', async (claims) => tokenBy({ ...key, alg: 'PS256' }, claims)],
    ['no key id', async (claims) => tokenBy({ ...key, kid: '' }, claims)],
    [
      'a key that it brings along',
      async (claims) => {
        const own = await newKey('own');
        return tokenBy(own, claims, { jwk: publicPart(own) });
      },
    ],
    ['the type of an access token', async (claims) => tokenBy(key, claims, { typ: 'at+jwt' })],
    ['the type of a logout token', async (claims) => tokenBy(key, claims, { typ: 'logout+jwt' })],
    [
      'a critical header that nobody knows',
      async (claims) => `${part({ alg: 'RS256', kid: 'k1', crit: ['x'], x: 1 })}.${part(claims)}.AAAA`,
    ],
    [
      'claims that were changed',
      async (claims) => {
        const [head = '', , signature = ''] = (await tokenBy(key, claims)).split('.');
        return `${head}.${part({ ...claims, sub: 'sub-2' })}.${signature}`;
      },
    ],
    ['its signature cut off', async (claims) => (await tokenBy(key, claims)).replace(/\.[^.]*$/, '.')],
    ['two parts', async (claims) => (await tokenBy(key, claims)).split('.').slice(0, 2).join('.')],
    ['40,000 characters', async () => 'x'.repeat(40_000)],
    ['nothing', async () => ''],
  ];
  it.each(forgeries)('with %s is refused', async (_, forge) => {
    const { check, clock } = await checkerFor();
    const token = await forge(claimsAt(clock.now));
    for (const keys of ['listed', 'kept'] as const) {
      expect(await check(token, { keys })).toBe('identity.badToken');
    }
  });
});

/** A provider that answers every code with a token made up for it. The code is the nonce. */
async function hostileProvider(tokenFor: (nonce: string, issuer: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    const issuer = `http://${request.headers.host ?? ''}`;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const nonce = new URLSearchParams(body).get('code') ?? '';
      const answer =
        request.url === '/token'
          ? { access_token: 'x', token_type: 'bearer', id_token: tokenFor(nonce, issuer) }
          : {
              issuer,
              jwks_uri: `${issuer}/jwks`,
              token_endpoint: `${issuer}/token`,
              authorization_endpoint: `${issuer}/auth`,
              keys: [publicPart(key)],
            };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the keys of the provider', () => {
  const newProvider = async (keys: readonly JWK[]): Promise<ProviderProcess> => {
    const started = await startProvider({ keys, people });
    onTestFinished(() => started.stop());
    return started;
  };

  it('may change: who signs in then is known by the new one', async () => {
    const rotating = await newProvider([await newKey('old')]);
    const { identity, clock } = await openOidcDoor(rotating.issuer);
    await signInAs(identity, 'sub-1');
    await rotating.rotate([await newKey('new')]);
    clock.now += MINUTE;
    expect(await signInAs(identity, 'sub-1')).toMatchObject({ actor: { via: 'oidc' } });
  });

  it('prove a vote also after they changed', async () => {
    const rotating = await newProvider([await newKey('old')]);
    const { identity, clock } = await openOidcDoor(rotating.issuer);
    const { actor } = await signInAs(identity, 'sub-1');
    const { idToken } = await proveVote(identity, { person: actor.person, nonce: NONCE, as: 'sub-1' });
    const castAt = clock.now;
    await rotating.rotate([await newKey('new')]);
    clock.now += 2 * HOUR;
    const proven = await identity.oidc().verifyIdToken(idToken, { nonce: NONCE, now: castAt });
    expect(proven).toMatchObject({ person: actor.person, keyFrom: 'kept' });
  });

  it('prove a vote also when the provider burns, for another process, too', async () => {
    const burning = await newProvider([await newKey('old')]);
    const { identity, clock, again } = await openOidcDoor(burning.issuer);
    const { actor } = await signInAs(identity, 'sub-1');
    const { idToken } = await proveVote(identity, { person: actor.person, nonce: NONCE, as: 'sub-1' });
    await burning.stop();
    const proven = await again().oidc().verifyIdToken(idToken, { nonce: NONCE, now: clock.now });
    expect(proven).toMatchObject({ person: actor.person, keyFrom: 'kept' });
  });

  it('let nobody sign in when the provider burns', async () => {
    const burning = await newProvider([await newKey('old')]);
    const { identity } = await openOidcDoor(burning.issuer);
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const query = await new Browser().signIn(url, 'sub-1');
    await burning.stop();
    await expect(identity.oidc().finishLogin({ query, binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.providerUnavailable',
    });
  });

  it('are not extended by whoever has the database', async () => {
    const { check, clock, store } = await checkerFor();
    const own = await newKey('own');
    const at = clock.now;
    await store.keepProviderKeys([
      { issuer: provider.issuer, kid: 'own', jwk: { ...publicPart(own) }, firstSeenAt: at, lastSeenAt: at },
    ]);
    expect(await check(await tokenBy(own, claimsAt(at)), { keys: 'kept' })).toBe('identity.badToken');
  });

  it('are not replaced by whoever has the database', async () => {
    const { check, clock, store } = await checkerFor();
    const own = await newKey('k1');
    const at = clock.now;
    await store.keepProviderKeys([
      { issuer: provider.issuer, kid: 'k1', jwk: { ...publicPart(own) }, firstSeenAt: at, lastSeenAt: at },
    ]);
    const tokens = [await tokenBy(own, claimsAt(at)), await tokenBy(key, claimsAt(at))];
    // Neither: somebody has to look at it.
    for (const token of tokens) expect(await check(token, { keys: 'kept' })).toBe('identity.badToken');
  });

  it('sign nothing after they were withdrawn', async () => {
    const rotating = await newProvider([await newKey('other')]);
    const { check, clock, store } = await checkerFor(rotating.issuer);
    const stolen = await newKey('stolen');
    const seen = clock.now - 3 * HOUR;
    await store.keepProviderKeys([
      {
        issuer: rotating.issuer,
        kid: 'stolen',
        jwk: { ...publicPart(stolen) },
        firstSeenAt: seen,
        lastSeenAt: seen,
      },
    ]);
    const signed = (at: number) => tokenBy(stolen, claimsAt(at, { iss: rotating.issuer }));
    expect(await check(await signed(seen), { keys: 'kept', now: seen })).toBe('good, key from kept');
    const later = seen + HOUR;
    expect(await check(await signed(later), { keys: 'kept', now: later })).toBe('identity.badToken');
  });

  it('are asked for again at most every ten seconds, whatever ids are made up', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: [publicPart(key)] }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { check, clock } = await checkerFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let each = 0; each < 20; each += 1) {
      await check(await tokenBy({ ...key, kid: `made-up-${each}` }, claimsAt(clock.now)));
    }
    expect(asked).toBe(1);
  });

  it('are not asked by a login whose token names no algorithm', async () => {
    const hostile = await hostileProvider((nonce, issuer) => {
      const claims = { ...claimsAt(Date.now()), iss: issuer, nonce };
      return `${part({ alg: 'none', kid: 'k1' })}.${part(claims)}.`;
    });
    const { identity } = await openOidcDoor(hostile);
    const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
    const sent = new URL(url).searchParams;
    const nonce = sent.get('nonce') ?? '';
    const query = new URLSearchParams({ state: sent.get('state') ?? '', code: nonce });
    await expect(identity.oidc().finishLogin({ query, binding, source: 'test' })).rejects.toMatchObject({
      code: 'identity.badToken',
    });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"keys":7}'],
    ['more than anybody needs', JSON.stringify({ keys: [], more: 'x'.repeat(300_000) })],
  ])('are not taken from an answer that is %s', async (_, body) => {
    const server = createServer((_request, response) => response.end(body));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { check, clock } = await checkerFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await check(await tokenBy(key, claimsAt(clock.now)))).toBe('identity.providerUnavailable');
  });

  it('are kept without anything private', async () => {
    const { providerKeys, store } = await checkerFor();
    await providerKeys.listed('k1');
    const kept = await store.providerKeys(provider.issuer);
    expect(kept.map(({ kid }) => kid).sort()).toEqual(['ec', 'k1']);
    expect(
      kept.flatMap(({ jwk }) => Object.keys(jwk)).filter((each) => ['d', 'p', 'q', 'k'].includes(each)),
    ).toEqual([]);
  });
});

function publicPart({ kty, n, e, kid, alg, use }: JWK) {
  return { kty, n, e, kid, alg, use };
}
