import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { newVoteId, signVote, type VoteKeys } from '../../src/identity/index.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { altered, forged } from '../support/votes.ts';

/** What a forger can know: good claims for the gate, and everything that lies around near it. */
export interface Loot {
  readonly keys: VoteKeys;
  /** Of somebody who may vote here; never signed with the right key by the forger. */
  readonly good: VoteClaims;
  /** Votes that really were given, to something else: another run, another gate, an earlier opening. */
  readonly elsewhere: readonly string[];
  /** Signed by us for people who must not count here. */
  readonly byOthers: readonly string[];
}

/** A vote that must not count, and how it was made. */
export interface BadVote {
  readonly how: string;
  readonly jws: unknown;
}

const base64 = (value: string | Buffer): string => Buffer.from(value).toString('base64url');

/** Another value for each field, of the same shape. */
const CHANGES: readonly (keyof VoteClaims)[] = [
  'id',
  'run',
  'gate',
  'nonce',
  'digest',
  'decision',
  'person',
  'roles',
  'comment',
  'exp',
  'iat',
  'for',
];

const HEADERS: readonly object[] = [
  { alg: 'none' },
  { alg: 'None' },
  { alg: 'HS256' },
  { alg: 'ES256' },
  { alg: 'RS256' },
  { alg: 'EdDSA', crit: ['exp'] },
  { alg: 'EdDSA', b64: false, crit: ['b64'] },
  { typ: 'JWT' },
  { kid: '../../../dev/null' },
  { kid: "' OR 1=1 --" },
  { kid: 'constructor' },
  { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
  { jku: 'http://127.0.0.1/keys' },
];

/** Random votes that must not count: always the same ones for the same seed. */
export async function badVotes(
  loot: Loot,
  { seed, count }: { seed: number; count: number },
): Promise<BadVote[]> {
  const stranger = generateKeyPairSync('ed25519');
  const foreign: VoteKeys = { id: loot.keys.id, ...stranger };
  const votes: BadVote[] = [];
  for (const [index, dice] of fc.sample(DICE, { seed, numRuns: count }).entries()) {
    votes.push(await oneOf(loot, foreign, { ...dice, index }));
  }
  return votes;
}

interface Dice {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
  readonly at: number;
  readonly text: string;
  readonly bytes: Uint8Array;
}

const KINDS = [
  'wrongKey',
  'altered',
  'replayed',
  'byOthers',
  'expired',
  'header',
  'macWithPublicKey',
  'bitFlip',
  'cut',
  'garbage',
  'shape',
  'noString',
] as const;

const DICE: fc.Arbitrary<Dice> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(1_000),
  at: fc.nat(5_000),
  text: fc.string({ maxLength: 60, unit: 'grapheme' }),
  bytes: fc.uint8Array({ maxLength: 200 }),
});

async function oneOf(loot: Loot, foreign: VoteKeys, dice: Dice & { index: number }): Promise<BadVote> {
  const { kind, pick, at, text, bytes } = dice;
  const { keys, good } = loot;
  const claims: VoteClaims = { ...good, id: newVoteId() };
  const bad = (how: string, jws: unknown): BadVote => ({ how, jws });
  switch (kind) {
    case 'wrongKey':
      return bad('signed with a foreign key', await signVote(foreign, claims));
    case 'altered': {
      const field = CHANGES[pick % CHANGES.length] ?? 'id';
      const jws = await signVote(keys, { ...claims, decision: 'reject', comment: 'no', person: 'dieter' });
      return bad(
        `altered in ${field}`,
        altered(jws, { ...claims, [field]: otherValue(claims, field, text) }),
      );
    }
    case 'replayed':
      return bad('replayed from elsewhere', loot.elsewhere[pick % loot.elsewhere.length]);
    case 'byOthers':
      return bad('by somebody who must not', loot.byOthers[pick % loot.byOthers.length]);
    case 'expired': {
      const { iat } = claims;
      return bad(
        'expired',
        await signVote(keys, { ...claims, iat: iat - 7_200, exp: iat - 1 - (pick % 3_600) }),
      );
    }
    case 'header':
      return bad('with another header', forged(keys, claims, HEADERS[pick % HEADERS.length], text));
    case 'macWithPublicKey': {
      const [header = '', body = ''] = forged(keys, claims, { alg: 'HS256' }).split('.');
      const secret = keys.publicKey.export({ type: 'spki', format: 'pem' });
      const mac = createHmac('sha256', secret).update(`${header}.${body}`).digest();
      return bad('HS256 with the public key', `${header}.${body}.${base64(mac)}`);
    }
    case 'bitFlip': {
      const jws = await signVote(keys, { ...claims, person: 'dieter' });
      return bad('with a bit flipped', flipped(jws, at));
    }
    case 'cut':
      return bad('cut off', (await signVote(foreign, claims)).slice(0, at % 400));
    case 'garbage':
      return bad('garbage', base64(Buffer.from(bytes)).replaceAll('A', '.'));
    case 'shape': {
      const jws = await signVote(keys, { ...claims, person: 'dieter' });
      const body = altered(jws, {}).split('.')[1] ?? '';
      return bad('of another shape', [jws, `${jws}.${body}`, `.${body}.`, `${jws}\n`, ` ${jws}`][pick % 5]);
    }
    case 'noString':
      return bad('no text', [null, 7, [], { jws: text }, true][pick % 5]);
  }
}

function otherValue(claims: VoteClaims, field: keyof VoteClaims, text: string): unknown {
  switch (field) {
    case 'roles':
      return ['dr-manager', 'operator', 'admin'];
    case 'exp':
    case 'iat':
      return claims.exp + 1_000_000;
    case 'decision':
      return 'approve';
    case 'person':
    case 'for':
      return 'carla';
    default:
      return `${JSON.stringify(claims[field] ?? '')}${text === '' ? 'x' : text}`;
  }
}

/** One character of the signature or of the claims is another one. */
function flipped(jws: string, at: number): string {
  const index = jws.indexOf('.') + 1 + (at % (jws.length - jws.indexOf('.') - 2));
  const now = jws[index];
  return `${jws.slice(0, index)}${now === 'A' ? 'B' : 'A'}${jws.slice(index + 1)}`;
}
