import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../src/ledger/index.ts';
import { digestOf } from '../../src/ledger/digest.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { LedgerEntry, LedgerKind } from '../../src/model/ledger-entry.ts';
import type { CompiledRunbook, Step } from '../../src/model/runbook.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { idToken } from './evidence-keys.ts';
import { evidenceBundle, RUN, VERIFY, type Lies } from './evidence-run.ts';
import { FAILOVER } from './evidence-runbook.ts';

const isOf = (kind: LedgerKind, path?: string) => (entry: LedgerEntry) =>
  entry.kind === kind &&
  entry.run !== 'another-run' &&
  (path === undefined || ('path' in entry && entry.path === path));

const without = (kind: LedgerKind, path?: string) => (entries: LedgerEntry[]) =>
  entries.filter((entry) => !isOf(kind, path)(entry));

/** Moves what is of a kind behind the first entry that is of another. */
const moved =
  (kind: LedgerKind, path: string, behind: (entry: LedgerEntry) => boolean) => (entries: LedgerEntry[]) => {
    const [found] = entries.filter(isOf(kind, path));
    const rest = entries.filter((entry) => entry !== found);
    const at = rest.findIndex(behind) + 1;
    return found === undefined ? rest : [...rest.slice(0, at), found, ...rest.slice(at)];
  };

const changed =
  <Kind extends LedgerKind>(
    kind: Kind,
    path: string | undefined,
    change: Partial<Extract<LedgerEntry, { kind: Kind }>>,
  ) =>
  (entries: LedgerEntry[]) =>
    entries.map((entry) => (isOf(kind, path)(entry) ? { ...entry, ...change } : entry));

const added =
  (entry: Partial<LedgerEntry> & { kind: LedgerKind; key: string }, before: (one: LedgerEntry) => boolean) =>
  (entries: LedgerEntry[]) => {
    const at = entries.findIndex(before);
    const whole = { v: 1, at: entries[at]?.at ?? 0, ...entry } as LedgerEntry;
    return [...entries.slice(0, at), whole, ...entries.slice(at)];
  };

const ofVote = (id: string, change: Partial<VoteClaims>) => (claims: VoteClaims) =>
  claims.id === id ? { ...claims, ...change } : claims;

/** The runbook with another approval. */
const approvalWith = (change: object): CompiledRunbook => ({
  ...FAILOVER,
  steps: FAILOVER.steps.map((step): Step => (step.kind === 'approval' ? { ...step, ...change } : step)),
});

const policyWith = (change: JsonObject) => (asked: JsonObject, path: string) =>
  path === 'go' ? { ...asked, policy: { ...(asked['policy'] as JsonObject), ...change } } : asked;

/** All of them are signed with the real keys: only what they mean is wrong. */
const LIES: readonly (readonly [string, string, Lies])[] = [
  [
    'an approval after the effect',
    'evidence.approvedTooLate',
    {
      entries: moved('gate.decided', 'go', isOf('effect', 'failover')),
    },
  ],
  [
    'an approval that is later by the clock',
    'evidence.approvedTooLate',
    {
      entries: changed('intent', 'failover', { at: Date.UTC(2026, 9, 1, 2, 0) }),
    },
  ],
  ['no approval at all', 'evidence.notApproved', { entries: without('gate.decided', 'go') }],
  ['one person twice', 'evidence.voteTwice', { vote: ofVote('vote-clara', { person: 'boris' }) }],
  [
    'one vote twice',
    'evidence.voteTwice',
    {
      entries: changed('gate.decided', 'go', { votes: ['vote-boris', 'vote-boris'] }),
    },
  ],
  [
    'one person in the place of another who answers as well',
    'evidence.voteTwice',
    {
      vote: ofVote('vote-clara', { for: 'boris' }),
      entries: added(
        {
          kind: 'delegation',
          key: 'delegation/1',
          id: '1',
          actor: 'boris',
          to: 'clara',
          begins: 0,
          ends: 4e12,
        },
        isOf('gate.opened', 'go'),
      ),
    },
  ],
  [
    'a delegation that nobody has given',
    'evidence.notDelegated',
    { vote: ofVote('vote-clara', { for: 'dora' }) },
  ],
  ['a missing step', 'evidence.stepMissing', { entries: without('step.ended', 'ready') }],
  [
    'a step that the runbook has not',
    'evidence.stepUnknown',
    {
      entries: added(
        { kind: 'step.ended', key: 'x', run: RUN, path: 'extra', attempt: 1, outcome: 'succeeded' },
        isOf('run.ended'),
      ),
    },
  ],
  [
    'another runbook',
    'evidence.otherRunbook',
    {
      evidence: (evidence) => ({ ...evidence, runbook: JSON.stringify(approvalWith({ rules: [] })) }),
    },
  ],
  [
    'the digest of another runbook at the beginning',
    'evidence.otherRunbook',
    {
      entries: changed('run.started', undefined, { runbookDigest: 'a'.repeat(64) }),
    },
  ],
  [
    'other inputs',
    'evidence.otherInputs',
    {
      evidence: (evidence) => ({ ...evidence, inputs: { plan: 'ERP-CANARY' } }),
    },
  ],
  ['a vote without its ID token', 'evidence.proofMissing', { idToken: () => undefined }],
  [
    'an ID token for another answer',
    'evidence.proofInvalid',
    {
      idToken: (_, { iat }) => idToken({ nonce: 'f'.repeat(64), sub: 'b-17', iat }),
    },
  ],
  [
    'an ID token of another account',
    'evidence.proofInvalid',
    {
      vote: ofVote('vote-boris', {}),
      evidence: (evidence) => ({
        ...evidence,
        providers: (evidence.providers ?? []).map((one) => ({
          ...one,
          people: [{ person: 'boris', subject: 'x' }],
        })),
      }),
    },
  ],
  [
    'an effect without an intent',
    'evidence.intentMissing',
    {
      entries: (entries) => entries.filter((one) => !(one.kind === 'intent' && one.attempt === 1)),
    },
  ],
  [
    'an effect before its intent',
    'evidence.intentMissing',
    {
      entries: moved('intent', 'failover', isOf('effect', 'failover')),
    },
  ],
  [
    'a success of which no effect is known',
    'evidence.effectMissing',
    {
      entries: (entries) =>
        without('decision')(entries).filter((one) => !(one.kind === 'effect' && one.attempt === 2)),
    },
  ],
  [
    'a halt that was seen without an effect',
    'evidence.effectMissing',
    {
      entries: (entries) => entries.filter((one) => !(one.kind === 'effect' && one.attempt === 1)),
    },
  ],
  [
    'a command that was sent anew before anything said what became of it',
    'evidence.effectMissing',
    {
      entries: (entries) =>
        entries.flatMap((one): LedgerEntry[] => {
          if (one.kind === 'effect' && one.attempt === 2) return [{ ...one, epoch: 2 }];
          if (one.kind !== 'intent' || one.attempt === 1) return [one];
          return [one, { ...one, key: `${one.key}-again`, epoch: 2 }];
        }),
    },
  ],
  [
    'an intent that is missing before another',
    'evidence.epochGap',
    {
      entries: (entries) =>
        entries.map((one) => (one.kind === 'intent' || one.kind === 'effect' ? { ...one, epoch: 2 } : one)),
    },
  ],
  [
    'too few votes',
    'evidence.notDecided',
    {
      entries: changed('gate.decided', 'go', { votes: ['vote-boris'] }),
    },
  ],
  [
    'softer rules than those of the runbook',
    'evidence.otherRules',
    {
      asked: policyWith({ rules: [{ role: 'dr-manager', count: 1 }] }),
    },
  ],
  ['a gate that excludes nobody', 'evidence.otherRules', { asked: policyWith({ exclude: [] }) }],
  ['another starter for the exclusion', 'evidence.otherRules', { asked: policyWith({ starter: 'nobody' }) }],
  [
    'the author among those who approve',
    'evidence.voteExcluded',
    {
      vote: ofVote('vote-clara', { person: 'paula' }),
    },
  ],
  [
    'the starter among those who approve',
    'evidence.voteExcluded',
    {
      vote: ofVote('vote-clara', { person: 'anna' }),
    },
  ],
  [
    'somebody without a role',
    'evidence.voteNotAdmitted',
    { vote: ofVote('vote-clara', { roles: ['viewer'] }) },
  ],
  [
    'somebody who was revoked',
    'evidence.voteRevoked',
    {
      entries: added(
        { kind: 'identity', key: 'identity/3', event: 'personRevoked', person: 'clara' },
        isOf('gate.decided', 'go'),
      ),
    },
  ],
  [
    'an expired vote',
    'evidence.voteExpired',
    {
      vote: (claims) =>
        claims.id === 'vote-clara' ? { ...claims, iat: claims.iat - 200, exp: claims.iat - 100 } : claims,
    },
  ],
  ['a vote for another gate', 'evidence.otherVote', { vote: ofVote('vote-clara', { gate: 'orders' }) }],
  [
    'a vote for another digest',
    'evidence.otherVote',
    { vote: ofVote('vote-clara', { digest: 'b'.repeat(64) }) },
  ],
  ['a vote for an earlier opening', 'evidence.otherVote', { vote: ofVote('vote-clara', { nonce: 'old' }) }],
  [
    'a no that counts as a yes',
    'evidence.voteInvalid',
    { vote: ofVote('vote-clara', { decision: 'reject' }) },
  ],
  [
    'a vote that was cast when the gate was decided',
    'evidence.order',
    {
      entries: (entries) => {
        const late = entries.find((one) => one.kind === 'vote' && one.id === 'vote-clara');
        const rest = entries.filter((one) => one !== late);
        const at = rest.findIndex(isOf('gate.decided', 'go')) + 1;
        return late === undefined ? rest : [...rest.slice(0, at), late, ...rest.slice(at)];
      },
    },
  ],
  [
    'a vote that was left out',
    'evidence.voteMissing',
    {
      entries: (entries) => entries.filter((one) => !(one.kind === 'vote' && one.id === 'vote-clara')),
    },
  ],
  ['no end of the run', 'evidence.noEnd', { entries: without('run.ended') }],
  ['no beginning of the run', 'evidence.noStart', { entries: without('run.started') }],
  [
    'two ends of the run',
    'evidence.noEnd',
    {
      entries: added({ kind: 'run.ended', key: 'again', run: RUN, outcome: 'failed' }, isOf('run.ended')),
    },
  ],
  [
    'an entry of another run',
    'evidence.foreignEntry',
    { chosen: (_, all) => all.filter(({ position }) => position !== 3) },
  ],
  [
    'a login of somebody who has no part in it',
    'evidence.foreignEntry',
    {
      chosen: (own, all) => [...own, ...all.slice(3, 4)].sort((a, b) => a.position - b.position),
    },
  ],
  ['something after the end', 'evidence.order', { entries: moved('effect', 'failover', isOf('run.ended')) }],
  [
    'a command before the steps before it',
    'evidence.order',
    {
      entries: moved('step.ended', 'go', isOf('effect', 'failover')),
    },
  ],
  [
    'a gate without an end',
    'evidence.gateOpen',
    {
      entries: (entries) => without('gate.closed', 'orders')(without('gate.decided', 'orders')(entries)),
    },
  ],
  [
    'a decision at a gate that was never opened',
    'evidence.gateUnknown',
    { entries: without('gate.opened', 'go') },
  ],
  [
    'another command than the one that was approved',
    'evidence.otherCommand',
    {
      entries: changed('intent', 'failover', { target: 'dr-site/plan/8' }),
    },
  ],
  [
    'other values than those that were approved',
    'evidence.otherCommand',
    {
      entries: (entries) =>
        entries.map((one) =>
          one.kind === 'intent' && one.attempt === 1
            ? { ...one, requestDigest: digestOf({ action: one.action, with: { plan: 'OTHER' } }) }
            : one,
        ),
    },
  ],
  [
    'a command that its step does not have',
    'evidence.unknownCommand',
    {
      entries: changed('intent', 'failover', { action: 'vro.permanentFailover' }),
    },
  ],
  [
    'a decision that nobody has taken',
    'evidence.decisionUnproven',
    {
      entries: changed('decision', 'failover', { decision: 'skip' }),
    },
  ],
  [
    'a decision in the name of another',
    'evidence.decisionUnproven',
    {
      entries: changed('decision', 'failover', { actor: 'clara' }),
    },
  ],
  [
    'something else that was asked',
    'evidence.otherSubject',
    {
      asked: (asked, path) => (path === 'go' ? { ...asked, covered: [] } : asked),
    },
  ],
  [
    'a refused answer that is missing',
    'evidence.refusalGap',
    {
      entries: changed('refusal', undefined, { number: 1 }),
    },
  ],
  [
    'a better outcome than that of its steps',
    'evidence.outcome',
    {
      entries: changed('step.ended', 'ready', { outcome: 'failed' }),
    },
  ],
  [
    'an entry twice',
    'evidence.doubleEntry',
    {
      entries: added(
        { kind: 'refusal', key: `${RUN}/refusal/0`, run: RUN, number: 1, refusal: 'noRole' },
        isOf('run.ended'),
      ),
    },
  ],
  [
    'a file that nothing speaks of',
    'evidence.fileExtra',
    {
      evidence: (evidence) => ({ ...evidence, outputs: [...(evidence.outputs ?? []), '{"a":1}'] }),
    },
  ],
  [
    'a note that is not the one that was written',
    'evidence.fileChanged',
    {
      evidence: (evidence) => ({ ...evidence, notes: [{ id: 'note-1', text: 'All is well.' }] }),
    },
  ],
  [
    'a history with a gap',
    'evidence.history',
    {
      evidence: (evidence) => ({
        ...evidence,
        histories: evidence.histories.map((one) => ({
          ...one,
          history: { events: (one.history['events'] as JsonObject[]).slice(1) },
        })),
      }),
    },
  ],
  [
    'the history of another run',
    'evidence.history',
    {
      evidence: (evidence) => ({
        ...evidence,
        histories: evidence.histories.map((one) => ({ ...one, executionId: 'another' })),
      }),
    },
  ],
];

describe('a lie that is signed with the real keys', () => {
  it.each(LIES)('is found: %s', async (_, code, lies) => {
    const verdict = verifyBundle((await evidenceBundle(lies)).bytes, VERIFY);
    expect(verdict.ok ? 'verified' : verdict.problem.code).toBe(code);
  });

  it('is found in each of them with its place', async () => {
    const places = await Promise.all(
      LIES.map(async ([, , lies]) => {
        const verdict = verifyBundle((await evidenceBundle(lies)).bytes, VERIFY);
        return verdict.ok ? undefined : verdict.problem.file;
      }),
    );
    expect(places).not.toContain(undefined);
  });
});
