import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CompactSign } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { newVoteId, openKeys, signVote, verifyVote, type VoteKeys } from '../../src/identity/index.ts';
import type { VoteClaims } from '../../src/model/vote.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-votes-'));
afterAll(() => rm(folder, { recursive: true }));
const keys = await openKeys({ folder });
const NOW = Date.parse('2026-03-01T03:00:00Z');

function claims(changes: Partial<VoteClaims> = {}): VoteClaims {
  return {
    id: newVoteId(),
    run: '0190-run',
    gate: 'go',
    nonce: 'n-1',
    digest: 'd'.repeat(64),
    decision: 'approve',
    person: 'boris',
    roles: ['dr-manager'],
    iat: NOW / 1_000,
    exp: NOW / 1_000 + 600,
    ...changes,
  };
}

const verify = (jws: unknown, by: VoteKeys = keys): ReturnType<typeof verifyVote> =>
  verifyVote([by], jws, { now: NOW });

/** Signed by our own key, but with another header or body than a vote has. */
async function signed(body: unknown, header: object = {}): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(body)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'muster-vote+jwt', kid: keys.id, ...header })
    .sign(keys.privateKey);
}

/** A JWS put together by hand. */
function forged(header: object, body: unknown, signature = 'AAAA'): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(body)}.${signature}`;
}

describe('a genuine vote', () => {
  it('is verified with all it says', async () => {
    const said = claims({ decision: 'continue', option: 'RetryFailedVm', comment: 'Disk replaced.\nGo on.' });
    const jws = await signVote(keys, said);
    expect(await verify(jws)).toEqual({ ok: true, vote: { ...said, jws } });
  });

  it('is verified with the person in whose place it was given', async () => {
    const said = claims({ for: 'carla', decision: 'withdraw' });
    const jws = await signVote(keys, said);
    expect(await verify(jws)).toEqual({ ok: true, vote: { ...said, jws } });
  });

  it('is verified by any of several keys', async () => {
    const older = await openKeys({ folder: join(folder, 'older') });
    const jws = await signVote(older, claims());
    expect(await verifyVote([keys, older], jws, { now: NOW })).toMatchObject({ ok: true });
  });

  it('expires', async () => {
    const said = claims({ exp: NOW / 1_000 });
    expect(await verify(await signVote(keys, said))).toEqual({
      ok: false,
      id: said.id,
      refusal: 'expired',
      gate: 'go',
      claimedPerson: 'boris',
    });
  });

  it('fits into the size limit with the longest comment', async () => {
    const jws = await signVote(
      keys,
      claims({ comment: '語'.repeat(1_000), roles: ['dr-manager', 'app-owner'] }),
    );
    expect(await verify(jws)).toMatchObject({ ok: true });
  });

  it('is not signed when it is no vote', async () => {
    await expect(signVote(keys, claims({ person: '' }))).rejects.toMatchObject({ code: 'identity.badVote' });
  });
});

describe('a forged vote', () => {
  const header = { alg: 'EdDSA', typ: 'muster-vote+jwt', kid: keys.id };

  it('is refused when another key signed it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const said = claims();
    const jws = await signVote({ id: keys.id, privateKey, publicKey }, said);
    expect(await verify(jws)).toMatchObject({
      ok: false,
      refusal: 'badSignature',
      id: said.id,
      claimedPerson: 'boris',
    });
  });

  it('is refused when a word was changed', async () => {
    const [head = '', , signature] = (await signVote(keys, claims({ decision: 'reject' }))).split('.');
    const body = Buffer.from(JSON.stringify(claims())).toString('base64url');
    expect(await verify(`${head}.${body}.${signature ?? ''}`)).toMatchObject({ refusal: 'badSignature' });
  });

  it('is refused without a signature, whatever the header says', async () => {
    expect(await verify(forged({ ...header, alg: 'none' }, claims(), ''))).toMatchObject({
      refusal: 'badSignature',
    });
  });

  it('is refused when the public key is used as a shared secret', async () => {
    const unsigned = forged({ ...header, alg: 'HS256' }, claims(), '').slice(0, -1);
    const secret = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
    expect(await verify(`${unsigned}.${signature}`)).toMatchObject({ refusal: 'badSignature' });
  });

  it('is refused when the key signed something else than a vote', async () => {
    expect(await verify(await signed(claims(), { typ: 'JWT' }))).toMatchObject({ refusal: 'malformed' });
    expect(await verify(await signed({ ...claims(), decision: 'force' }))).toMatchObject({
      refusal: 'malformed',
    });
  });

  it('is refused unread when it is too large', async () => {
    const jws = await signed({ ...claims(), comment: 'x'.repeat(10_000) });
    const answer = await verify(jws);
    expect(answer).toMatchObject({ ok: false, refusal: 'malformed' });
    expect(answer).not.toHaveProperty('claimedPerson');
  });

  it('claims only short and printable names', async () => {
    const person = `\u001b[2Jboris\u202e\n${'x'.repeat(100)}`;
    const answer = await verify(forged(header, { ...claims(), id: { a: 1 }, person }));
    expect(answer).toMatchObject({
      refusal: 'badSignature',
      id: expect.stringMatching(/^unread-[0-9a-f]{16}$/) as string,
      claimedPerson: expect.stringMatching(/^\[2Jborisx{50,}$/) as string,
    });
  });
});

describe('whatever else arrives', () => {
  it.each([
    [undefined],
    [null],
    [42],
    [{}],
    [''],
    ['..'],
    ['a.b.c'],
    ['e30.e30.e30'],
    ['bnVsbA.bnVsbA.'],
    ['\0.\0.\0'],
  ])('is refused as malformed: %j', async (jws) => {
    expect(await verify(jws)).toMatchObject({ ok: false, refusal: 'malformed' });
  });

  it('never makes the check throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.json(), fc.string(), async (head, body, signature) => {
        const jws = [head, body, signature].map((part) => Buffer.from(part).toString('base64url')).join('.');
        const answer = await verify(jws);
        expect(answer.ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
