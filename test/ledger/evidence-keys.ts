import { createPublicKey, hash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { VoteKeys } from '../../src/identity/index.ts';
import { signerKey, voteKeyId, type EvidenceProvider } from '../../src/ledger/index.ts';
import { keyFromSeed, ORIGIN } from './support.ts';

/** The same in each run of the tests, so that a bundle always has the same bytes. */
const seeded = (name: string) => keyFromSeed(hash('sha256', name, 'buffer'));

export const ledgerKey = signerKey(ORIGIN, 'ed25519', seeded('ledger'));
export const witnessKey = signerKey('witness.example', 'cosignature/v1', seeded('witness'));
const votePublic = createPublicKey(seeded('vote'));
export const voteKeys: VoteKeys = {
  id: voteKeyId(votePublic),
  publicKey: votePublic,
  privateKey: seeded('vote'),
};

const PROVIDER_KID = 'provider-1';
export const provider: EvidenceProvider = {
  issuer: 'https://login.example',
  audience: 'muster',
  provesVotes: true,
  source: 'https://login.example/jwks',
  keys: [
    {
      kid: PROVIDER_KID,
      jwk: {
        kid: PROVIDER_KID,
        kty: 'OKP',
        crv: 'Ed25519',
        x: createPublicKey(seeded('provider')).export({ format: 'jwk' }).x ?? '',
      },
      firstSeenAt: 0,
      lastSeenAt: 4_000_000_000_000,
    },
  ],
  people: [{ person: 'boris', subject: 'b-17' }],
};

/** An ID token, as the provider signs it. */
export function idToken(claims: {
  readonly nonce: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp?: number;
  readonly iss?: string;
  readonly aud?: string;
}): Promise<string> {
  const { issuer: iss, audience: aud } = provider;
  return new SignJWT({ iss, aud, exp: claims.iat + 300, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: PROVIDER_KID, typ: 'JWT' })
    .sign(seeded('provider'));
}
