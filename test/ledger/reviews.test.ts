import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signReview, signVote, type VoteKeys } from '../../src/identity/index.ts';
import { verifyBundle } from '../../src/ledger/index.ts';
import { digestOf, sha256 } from '../../src/ledger/digest.ts';
import type { ReviewClaims } from '../../src/model/findings.ts';
import { canonicalJson, type JsonObject } from '../../src/model/json.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { voteKeys } from './evidence-keys.ts';
import { BEGUN, evidenceBundle, RUN, VERIFY } from './evidence-run.ts';

const REPORT = canonicalJson({ kind: 'run', verdict: { state: 'succeeded' } });
const CLAIMS: ReviewClaims = {
  id: 'rv-1',
  run: RUN,
  runId: 'erp-failover-1',
  reportDigest: sha256(REPORT),
  decision: 'accepted',
  comment: 'Good.',
  person: 'clara',
  roles: ['app-owner'],
  assurance: 'oidc',
  iat: BEGUN / 1_000 + 600,
};

interface Lie {
  readonly said?: Partial<ReviewClaims>;
  readonly keys?: VoteKeys;
  /** Signed instead. */
  readonly jws?: string;
  readonly report?: string;
  /** Entered before it. */
  readonly before?: LedgerEntry;
  readonly entry?: Partial<Extract<LedgerEntry, { kind: 'review' }>>;
}

/** What a verification says of a bundle with a review. */
async function verdictOn({
  said = {},
  keys = voteKeys,
  report = REPORT,
  entry = {},
  jws: other,
  before,
}: Lie = {}) {
  const jws = other ?? (await signReview(keys, { ...CLAIMS, ...said }));
  const { id, run = RUN, person: actor, decision, reportDigest, iat } = CLAIMS;
  const review: LedgerEntry = {
    v: 1,
    kind: 'review',
    key: 'review/rv-1',
    at: iat * 1_000,
    run,
    id,
    actor,
    decision,
    reportDigest,
    jwsDigest: sha256(jws),
    ...entry,
  };
  const { bytes } = await evidenceBundle({
    entries: (entries) => [...entries, ...(before === undefined ? [] : [before]), review],
    evidence: (evidence) => ({ ...evidence, reviews: [{ id, jws, report }] }),
  });
  const verdict = verifyBundle(bytes, VERIFY);
  if (!verdict.ok) return verdict.problem.code;
  return [verdict.checked.reviews, verdict.trusted.find(({ code }) => code === 'reviewers')?.sentence];
}

const stranger = (): VoteKeys => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id: voteKeys.id, privateKey, publicKey };
};
const vote = await signVote(voteKeys, {
  id: 'vote-clara9',
  run: RUN,
  gate: 'go',
  nonce: 'n',
  digest: 'd',
  decision: 'approve',
  person: 'clara',
  roles: ['app-owner'],
  iat: CLAIMS.iat,
  exp: CLAIMS.iat + 60,
});

describe('a review', () => {
  it('verifies with the report that it is about, and tells who says who it was', async () => {
    const says = 'That it was these people who signed the reviews, muster alone says: "clara" (oidc).';
    expect(await verdictOn()).toEqual([1, says]);
  });

  it.each<[string, Lie, string]>([
    ['signed by a stranger', { keys: stranger() }, 'evidence.review'],
    ['that is a vote', { jws: vote }, 'evidence.review'],
    ['that comes to something else', { said: { decision: 'actionNeeded' } }, 'evidence.review'],
    ['of somebody else', { said: { person: 'boris' } }, 'evidence.review'],
    ['of another run', { said: { run: 'another-run' } }, 'evidence.review'],
    ['of another report', { said: { reportDigest: 'e'.repeat(64) } }, 'evidence.review'],
    ['of another time', { said: { iat: CLAIMS.iat + 60 } }, 'evidence.review'],
    ['with another report', { report: '{}' }, 'evidence.fileChanged'],
    [
      'that is not the one that was entered',
      { entry: { jwsDigest: 'e'.repeat(64) } },
      'evidence.fileChanged',
    ],
  ])('%s is found', async (_, lie, code) => {
    expect(await verdictOn(lie)).toBe(code);
  });
});

it('a review of somebody who was revoked is found', async () => {
  const revoked: LedgerEntry = {
    v: 1,
    kind: 'identity',
    key: 'identity/99',
    at: BEGUN + 500_000,
    event: 'personRevoked',
    person: 'clara',
  };
  expect(await verdictOn({ before: revoked })).toBe('evidence.review');
});

describe('a finding', () => {
  const states: readonly JsonObject[] = [
    { id: 'fd-1', text: 'It was slow.', severity: 'low' },
    { id: 'fd-1', text: 'It was slow.', severity: 'low', repair: 'faster' },
  ];
  const entryOf = (number: number, finding: JsonObject): LedgerEntry => ({
    v: 1,
    kind: 'finding',
    key: `finding/fd-1/${number}`,
    at: BEGUN + 600_000,
    run: RUN,
    id: 'fd-1',
    number,
    what: number === 0 ? 'raised' : 'repair',
    state: number === 0 ? 'open' : 'repaired',
    textDigest: digestOf(finding),
  });

  async function verdictOnFindings(entered: readonly number[], documents: readonly JsonObject[]) {
    const { bytes } = await evidenceBundle({
      entries: (entries) => [
        ...entries,
        ...entered.flatMap((number) => {
          const state = states[number];
          return state === undefined ? [] : [entryOf(number, state)];
        }),
      ],
      evidence: (evidence) => ({
        ...evidence,
        findings: documents.map((finding, number) => ({ id: 'fd-1', number, finding })),
      }),
    });
    const verdict = verifyBundle(bytes, VERIFY);
    return verdict.ok ? 'verified' : verdict.problem.code;
  }

  it('verifies in each of its states', async () => {
    expect(await verdictOnFindings([0, 1], states)).toBe('verified');
  });

  it.each([
    ['that was made better afterwards', [0, 1], [{ ...states[0], severity: 'none' }, states[1]]],
    ['without one of its states', [0, 1], [states[0]]],
  ] as const)('%s is found', async (_, entered, documents) => {
    expect(await verdictOnFindings(entered, documents as readonly JsonObject[])).toBe('evidence.fileChanged');
  });

  it('of which a change was left out is found', async () => {
    expect(await verdictOnFindings([1], states)).toBe('evidence.order');
  });

  it('that was never entered is found', async () => {
    expect(await verdictOnFindings([0], states)).toBe('evidence.fileExtra');
  });
});
