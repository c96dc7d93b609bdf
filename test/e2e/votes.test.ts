import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newVoteId, signVote } from '../../src/identity/index.ts';
import type { Refusal, VoteClaims } from '../../src/model/vote.ts';
import { openStage, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { altered, approvalOf, flood, forged, signed } from '../support/votes.ts';
import { oneGate } from '../support/one-gate.ts';

/** A gate, and something behind it that shows whether it opened. */
const ONE_GATE = oneGate('exclude: [starter]');

const TWO_GATES = `
apiVersion: muster/v1
name: two-gates
title: Two gates side by side
steps:
  - id: both
    parallel:
      - { id: left, approval: { title: Left?, rules: [{ role: dr-manager, count: 1 }] } }
      - { id: right, approval: { title: Right?, rules: [{ role: dr-manager, count: 1 }] } }
`;

/** The gate opens once the application answers, which it does after \`/apps/always\` only. */
const LATE_GATE = `
apiVersion: muster/v1
name: late-gate
title: A gate after a wait
inputs: { url: { type: string } }
steps:
  - { id: early, uses: http.check, with: { url: '\${{ inputs.url }}', expectStatus: 200 }, until: { within: 10m, every: 1s } }
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }] } }
`;

async function stageFor(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

async function stageAtGate(runbook = ONE_GATE, gate = 'go') {
  const stage = await stageFor();
  const runId = await stage.start(runbook);
  const record = await stage.gate(runId, gate);
  return { stage, runId, record };
}

/** Sends what must not count, and waits until the run says why. */
async function refusalOf(stage: Stage, runId: string, jws: unknown): Promise<Refusal | undefined> {
  const { timeline } = await stage.muster.show(runId);
  await flood(stage, runId, [{ jws }]);
  const after = await stage.until(runId, (view) => view.timeline.refused.total > timeline.refused.total);
  return after.timeline.refused.latest.at(-1)?.refusal;
}

interface Forgery {
  readonly what: string;
  readonly refusal: Refusal;
  readonly make: (stage: Stage, claims: VoteClaims) => Promise<string> | string;
}

const FORGERIES: readonly Forgery[] = [
  {
    what: 'signed with another key',
    refusal: 'badSignature',
    make: (stage, claims) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      return signVote({ id: stage.data.keys.id, privateKey, publicKey }, claims);
    },
  },
  {
    what: 'without a signature',
    refusal: 'badSignature',
    make: ({ data }, claims) => forged(data.keys, claims, {}, ''),
  },
  {
    what: 'with the algorithm "none"',
    refusal: 'badSignature',
    make: ({ data }, claims) => forged(data.keys, claims, { alg: 'none' }, ''),
  },
  {
    what: 'whose claims were altered',
    refusal: 'badSignature',
    make: async (stage, claims) =>
      altered(await signed(stage, { ...claims, decision: 'reject', comment: 'no' }), { decision: 'approve' }),
  },
  {
    what: 'given to another run',
    refusal: 'otherRun',
    make: async (stage, claims) => {
      const other = await stage.start(ONE_GATE);
      return signed(stage, {
        ...(await approvalOf(stage, other, await stage.gate(other, 'go'))),
        id: claims.id,
      });
    },
  },
  {
    what: 'given to an earlier opening of the gate',
    refusal: 'otherGate',
    make: (stage, claims) => signed(stage, { ...claims, nonce: 'an-earlier-one' }),
  },
  {
    what: 'given to something else than what is asked',
    refusal: 'otherDigest',
    make: (stage, claims) => signed(stage, { ...claims, digest: '0'.repeat(64) }),
  },
  {
    what: 'that is too old',
    refusal: 'expired',
    make: (stage, claims) => signed(stage, { ...claims, exp: claims.iat - 1 }),
  },
  {
    what: 'of somebody unknown',
    refusal: 'unknownPerson',
    make: (stage, claims) => signed(stage, { ...claims, person: 'mallory' }),
  },
  {
    what: 'that claims a role the person does not hold',
    refusal: 'noRole',
    make: (stage, claims) => signed(stage, { ...claims, person: 'dieter', roles: ['dr-manager'] }),
  },
];

describe('a vote that is no good, signalled straight to Temporal', () => {
  test('is refused with its reason, each kind of it, and the gate stays shut for all but the right one', async () => {
    const { stage, runId, record } = await stageAtGate();
    const refusals: [string, Refusal | undefined][] = [];
    for (const { what, make } of FORGERIES) {
      const jws = await make(stage, await approvalOf(stage, runId, record));
      refusals.push([what, await refusalOf(stage, runId, jws)]);
    }
    expect(refusals).toEqual(FORGERIES.map(({ what, refusal }) => [what, refusal]));
    expect(stepOf(await stage.muster.show(runId), 'go')).toMatchObject({
      state: 'waiting',
      gate: { votes: [] },
    });
    await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    const { timeline } = await stage.ended(runId);
    expect(timeline).toMatchObject({ outcome: 'succeeded', refused: { total: FORGERIES.length } });
  });

  test('is recorded with whom it claimed to be from', async () => {
    const { stage, runId, record } = await stageAtGate();
    const claims = await approvalOf(stage, runId, record, { person: 'carla' });
    await refusalOf(stage, runId, forged(stage.data.keys, claims));
    const { timeline } = await stage.muster.show(runId);
    expect(timeline.refused.latest).toEqual([
      {
        id: claims.id,
        at: expect.any(Number) as number,
        refusal: 'badSignature',
        gate: 'go',
        claimedPerson: 'carla',
      },
    ]);
  });

  test('takes nothing from the good vote whose id it bears', async () => {
    const { stage, runId, record } = await stageAtGate();
    const claims = await approvalOf(stage, runId, record);
    await refusalOf(stage, runId, forged(stage.data.keys, claims));
    await flood(stage, runId, [{ jws: await signed(stage, claims) }]);
    expect((await stage.ended(runId)).timeline.outcome).toBe('succeeded');
  });
});

describe('a good vote', () => {
  test('opens its own gate and no other, however often it arrives', async () => {
    const { stage, runId, record } = await stageAtGate(TWO_GATES, 'both/left');
    await stage.gate(runId, 'both/right');
    const jws = await signed(stage, await approvalOf(stage, runId, record));
    await flood(stage, runId, [{ jws }, { jws }, { jws }, { jws: altered(jws, { gate: 'both/right' }) }]);
    const view = await stage.until(
      runId,
      ({ timeline, steps }) => timeline.refused.total > 0 && stepOf({ steps }, 'both/left').state === 'ended',
    );
    expect(stepOf(view, 'both/right')).toMatchObject({ state: 'waiting', gate: { votes: [] } });
    expect(view.timeline.refused.latest).toMatchObject([{ refusal: 'badSignature', gate: 'both/right' }]);
  });

  test('that is sent five times counts once', async () => {
    const runbook = ONE_GATE.replace('count: 1', 'count: 2');
    const { stage, runId, record } = await stageAtGate(runbook);
    const jws = await signed(stage, await approvalOf(stage, runId, record));
    await flood(
      stage,
      runId,
      Array.from({ length: 5 }, () => ({ jws })),
    );
    await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'carla' });
    const view = await stage.ended(runId);
    expect(stepOf(view, 'go').gate?.votes.map(({ person }) => person)).toEqual(['boris', 'carla']);
    expect(view.timeline.refused.total).toBe(0);
  });

  test('counts when it was sent while no worker ran', async () => {
    const stage = await stageFor({ worker: false });
    const worker = await stage.startWorker();
    const runId = await stage.start(ONE_GATE);
    const record = await stage.gate(runId, 'go');
    const jws = await signed(stage, await approvalOf(stage, runId, record));
    await worker.stop();
    await flood(stage, runId, [{ jws }]);
    await stage.startWorker();
    expect(stepOf(await stage.ended(runId), 'go')).toMatchObject({
      outcome: 'succeeded',
      reason: 'approved by boris',
    });
  });

  test('before its gate is open is refused, not kept for later', async () => {
    const stage = await stageFor();
    const inputs = { url: `${stage.simulator.urls.app}/apps/ERP-CANARY/health` };
    const runId = await stage.start(LATE_GATE, { inputs });
    const view = await stage.until(runId, ({ steps }) => stepOf({ steps }, 'early').state === 'running');
    const jws = await signed(stage, await approvalOf(stage, runId, stepOf(view, 'go')));
    expect(await refusalOf(stage, runId, jws)).toBe('noSuchGate');
    stage.simulator.world.command('ERP-CANARY', { action: 'Failover' });
    expect(await stage.gate(runId, 'go')).toMatchObject({ gate: { votes: [] } });
  });
});

describe('what is no vote at all', () => {
  const JUNK: readonly unknown[] = [
    null,
    0,
    true,
    '',
    'x',
    [],
    [[]],
    {},
    { jws: null },
    { jws: 1 },
    { jws: { a: 1 } },
    { jws: '..' },
    { jws: 'a.b.c' },
    { jws: '\u0000\u001b]0;x\u0007' },
  ];

  test('does no harm', async () => {
    const { stage, runId } = await stageAtGate();
    await flood(stage, runId, JUNK);
    const { timeline } = await stage.until(runId, (view) => view.timeline.refused.total === JUNK.length);
    expect(new Set(timeline.refused.latest.map(({ refusal }) => refusal))).toEqual(new Set(['malformed']));
    await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    expect((await stage.ended(runId)).timeline.outcome).toBe('succeeded');
  });

  test('does none when it is huge, either', { timeout: 120_000 }, async () => {
    const { stage, runId, record } = await stageAtGate();
    // Together far more than Temporal lets one activity, or one execution that continues as new, be given.
    const huge = Array.from({ length: 600 }, (_none, no) => ({ jws: `${no}.`.padEnd(8_000, 'x') }));
    await flood(stage, runId, [...huge, { jws: 'y'.repeat(1_000_000) }]);
    await flood(stage, runId, [{ jws: await signed(stage, await approvalOf(stage, runId, record)) }]);
    const { timeline } = await stage.ended(runId);
    expect(timeline).toMatchObject({ outcome: 'succeeded', refused: { total: 601 } });
  });
});

describe('a flood', () => {
  const FLOOD = 2_500;

  test(
    'of 2,500 votes is answered, all of it, and the good one among them counts',
    { timeout: 180_000 },
    async () => {
      const { stage, runId, record } = await stageAtGate();
      const good = await approvalOf(stage, runId, record);
      const bad = await Promise.all(
        Array.from({ length: FLOOD }, () => signed(stage, { ...good, id: newVoteId(), nonce: 'guessed' })),
      );
      bad.splice(FLOOD / 2, 0, await signed(stage, good));
      await flood(
        stage,
        runId,
        bad.map((jws) => ({ jws })),
      );
      const { timeline, steps } = await stage.ended(runId);
      expect(timeline).toMatchObject({ outcome: 'succeeded', refused: { total: FLOOD } });
      expect(stepOf({ steps }, 'go').gate?.votes.map(({ id }) => id)).toEqual([good.id]);
    },
  );
});
