import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { Identity } from '../../src/identity/index.ts';
import type { SignedIn } from '../../src/identity/sessions.ts';
import { openDoor, type Door } from './door.ts';
import { Browser, CLIENT_ID, REDIRECT_URI } from './provider.ts';

/** What the tests' configuration says of the provider at `issuer`. */
export function settingsFor(issuer: string, more: object = {}) {
  return {
    issuer,
    clientId: CLIENT_ID,
    scopes: ['openid', 'profile'],
    groupsClaim: 'groups',
    roles: new Map([
      ['ops', [{ role: 'operator' }]],
      ['managers', [{ role: 'dr-manager', runbooks: 'erp-*' }]],
    ]),
    personClaim: 'preferred_username',
    clockToleranceMs: 30_000,
    freshVotes: true,
    ...more,
  };
}

/** A door with this provider, at the time that the provider has. */
export async function openOidcDoor(
  issuer: string,
  { settings = {}, parts = {} }: { settings?: object; parts?: Parameters<typeof openDoor>[0] } = {},
): Promise<Door> {
  const door = await openDoor({ oidc: settingsFor(issuer, settings), ...parts });
  door.clock.now = Date.now();
  return door;
}

/** Signs in through the provider with a browser. */
export async function signInAs(
  identity: Identity,
  subject: string,
  browser = new Browser(),
): Promise<SignedIn> {
  const { url, binding } = await identity.oidc().beginLogin({ redirectUri: REDIRECT_URI });
  const query = await browser.signIn(url, subject);
  return identity.oidc().finishLogin({ query, binding, source: '192.0.2.7' });
}

/** Proves a vote through the provider with a browser. */
export async function proveVote(
  identity: Identity,
  { person, nonce, as }: { person: string; nonce: string; as: string },
  browser = new Browser(),
) {
  const { url, binding } = await identity.oidc().beginVoteProof({ person, nonce, redirectUri: REDIRECT_URI });
  const query = await browser.signIn(url, as);
  return identity.oidc().finishVoteProof({ query, binding, source: '192.0.2.7' });
}

/** An ID token made by hand. */
export async function tokenBy(key: JWK, claims: JWTPayload, header: object = {}): Promise<string> {
  const { alg = 'RS256', kid = '' } = key;
  return new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(await importJWK(key, alg));
}
