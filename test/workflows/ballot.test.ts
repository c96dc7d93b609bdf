import { describe, expect, test } from 'vitest';
import { APPROVAL_OFFERS, offersAfter } from '../../src/model/offers.ts';
import type { Gate } from '../../src/model/run.ts';
import type { Verdict, Verified, VerifiedVote } from '../../src/model/vote.ts';
import { Ballot } from '../../workflows/ballot.ts';
import type { RunState } from '../../workflows/run-state.ts';
import { stateOf, write } from './sample-state.ts';

const NOW = 5_000;
const LINES = 'steps: [{ id: go, wait: 1s }, { id: other, wait: 1s }]\n';

/** A run that waits at the gate `go`. */
function waiting(gate: Partial<Gate> = {}): { state: RunState; ballot: Ballot } {
  const state = stateOf(LINES);
  const open: Gate = {
    kind: 'approval',
    nonce: 'nonce',
    digest: 'digest',
    title: 'Go?',
    openedAt: NOW,
    policy: { rules: [{ role: 'manager', count: 1 }], exclude: [], starter: 'anna' },
    offers: APPROVAL_OFFERS,
    covered: [],
    votes: [],
    missing: [],
    ...gate,
  };
  write(state, 'go', { state: 'waiting', gate: open });
  return { state, ballot: new Ballot(state, [], { total: 0, latest: [] }) };
}

function vote(change: Partial<VerifiedVote> = {}): Verified {
  const plain: VerifiedVote = {
    id: 'vote-1',
    run: 'first',
    gate: 'go',
    nonce: 'nonce',
    digest: 'digest',
    decision: 'approve',
    person: 'boris',
    roles: ['manager'],
    iat: 0,
    exp: 1,
    jws: 'jws',
  };
  return { ok: true, vote: { ...plain, ...change } };
}

function verdictOn(ballot: Ballot, verified: Verified): Verdict | null {
  ballot.count(verified, NOW);
  return ballot.verdict(verified.ok ? verified.vote.id : verified.id);
}

describe('a vote that counts', () => {
  test('closes the gate it decides', () => {
    const { state, ballot } = waiting();
    expect(verdictOn(ballot, vote())).toEqual({ id: 'vote-1', counted: true });
    expect(state.record('go')).toMatchObject({ state: 'running', gate: { closedAt: NOW, closedBy: 'vote' } });
  });

  test('leaves the gate open while others are missing', () => {
    const policy = { rules: [{ role: 'manager', count: 2 }], exclude: [], starter: 'anna' };
    const { state, ballot } = waiting({ policy });
    ballot.count(vote(), NOW);
    expect(state.record('go')).toMatchObject({
      state: 'waiting',
      gate: { missing: ['1 more with role manager'] },
    });
  });

  test('counts once, however often it arrives', () => {
    const policy = { rules: [{ role: 'manager', count: 2 }], exclude: [], starter: 'anna' };
    const { state, ballot } = waiting({ policy });
    for (let times = 0; times < 3; times += 1) ballot.count(vote(), NOW);
    expect([state.record('go').gate?.votes.length, ballot.refused.total]).toEqual([1, 0]);
  });

  test('is a proof for the fence', () => {
    const { state, ballot } = waiting();
    ballot.count(vote(), NOW);
    expect(state.grants()).toEqual([
      { gate: 'go', nonce: 'nonce', digest: 'digest', covered: [], votes: ['jws'] },
    ]);
  });
});

describe('a vote is refused', () => {
  test.each([
    ['otherRun', { run: 'another' }],
    ['noSuchGate', { gate: 'other' }],
    ['noSuchGate', { gate: 'nowhere' }],
    ['noSuchGate', { gate: '__proto__' }],
    ['otherGate', { nonce: 'earlier' }],
    ['otherDigest', { digest: 'changed' }],
    ['notOffered', { decision: 'retry' }],
    ['commentMissing', { decision: 'reject', comment: ' ' }],
    ['noRole', { roles: ['viewer'] }],
  ] as const)('as %s', (refusal, change) => {
    const { state, ballot } = waiting();
    expect(verdictOn(ballot, vote(change))).toEqual({ id: 'vote-1', counted: false, refusal });
    expect([state.record('go').state, state.record('go').gate?.votes]).toEqual(['waiting', []]);
  });

  test('when the gate has closed', () => {
    const { ballot } = waiting();
    ballot.count(vote(), NOW);
    expect(verdictOn(ballot, vote({ id: 'late', person: 'carla' }))).toMatchObject({ refusal: 'noSuchGate' });
  });

  test('with the reason when the offer cannot be taken now', () => {
    const offers = offersAfter({ code: 'vro.planHalted', message: 'halted' }, { isCommand: true });
    const { ballot } = waiting({ kind: 'decision', offers });
    expect(verdictOn(ballot, vote({ decision: 'retry' }))).toMatchObject({
      refusal: 'notOffered',
      detail: 'The plan is halted: choose how VRO goes on with it.',
    });
  });

  test('and the refusal is kept with whoever it claimed to be', () => {
    const { ballot } = waiting();
    ballot.count(
      { ok: false, id: 'forged', refusal: 'badSignature', gate: 'go', claimedPerson: 'boris' },
      NOW,
    );
    expect(ballot.refused).toEqual({
      total: 1,
      latest: [{ id: 'forged', at: NOW, refusal: 'badSignature', gate: 'go', claimedPerson: 'boris' }],
    });
  });

  test('without taking the id of a good one that is still to come', () => {
    const { ballot } = waiting();
    ballot.count({ ok: false, id: 'vote-1', refusal: 'badSignature' }, NOW);
    expect(verdictOn(ballot, vote())).toEqual({ id: 'vote-1', counted: true });
  });
});

test('a flood of refused votes is counted in whole and kept in part', () => {
  const { ballot } = waiting();
  for (let n = 0; n < 250; n += 1) {
    ballot.count({ ok: false, id: `forged-${n}`, refusal: 'badSignature' }, NOW);
  }
  expect([ballot.refused.total, ballot.refused.latest.length]).toEqual([250, 100]);
});

describe('a request to stop the run', () => {
  const STOP = { gate: '*', decision: 'cancel', roles: ['operator'] } as const;

  test('of an operator is carried out', () => {
    const { ballot } = waiting();
    const heard: string[] = [];
    ballot.onRequest = (request, { person }) => {
      heard.push(`${request} ${person}`);
      return undefined;
    };
    expect(verdictOn(ballot, vote(STOP))).toMatchObject({ counted: true });
    expect(heard).toEqual(['cancel boris']);
  });

  test('of anybody else is refused', () => {
    const { ballot } = waiting();
    expect(verdictOn(ballot, vote({ ...STOP, roles: ['manager'] }))).toMatchObject({ refusal: 'noRole' });
  });
});
