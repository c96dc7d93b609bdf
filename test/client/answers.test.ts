import { expect, test } from 'vitest';
import { ControlError } from '../../src/control/index.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { haltedStep, START, timeline, waitingStep } from '../cli/sample-run.ts';
import { fakeControl } from './fake-control.ts';
import { makeMuster, NOW } from './make-muster.ts';

const RUN = 'dr-drill-20250131-k7m2qz';
const yes = { runId: RUN, gate: 'go', decision: 'approve', person: 'bert' } as const;
const open = () => timeline([waitingStep()]);

function claimsOf(jws: string | undefined): VoteClaims {
  return JSON.parse(Buffer.from(jws?.split('.')[1] ?? '', 'base64url').toString()) as VoteClaims;
}

test('a vote is bound to the run, the opening of the gate and what it allows', async () => {
  const control = fakeControl({ timeline: open });
  const { muster } = await makeMuster(control);
  const verdict = await muster.vote({ ...yes, comment: 'go ahead' });
  expect(claimsOf(control.votes[0])).toEqual({
    id: verdict.id,
    run: 'first-1',
    gate: 'go',
    nonce: 'nonce-1',
    digest: 'digest-1',
    decision: 'approve',
    person: 'bert',
    roles: ['dr-manager'],
    comment: 'go ahead',
    assurance: 'asserted',
    iat: NOW / 1_000,
    exp: NOW / 1_000 + 24 * 3_600,
  });
});

test('a vote waits for its verdict, and asks less and less often', async () => {
  const { muster, elapsed } = await makeMuster(fakeControl({ timeline: open, verdictAfter: 10 }));
  expect(await muster.vote(yes)).toMatchObject({ counted: true });
  expect(elapsed()).toBeLessThan(2_000);
});

test('a refusal is an error with its reason', async () => {
  const control = fakeControl({
    timeline: open,
    verdict: (id) => ({ id, counted: false, refusal: 'excluded', detail: 'bert started it.' }),
  });
  const { muster } = await makeMuster(control);
  await expect(muster.vote(yes)).rejects.toMatchObject({
    code: 'vote.refused',
    message: 'The person is excluded from answering here. bert started it.',
  });
});

test('a vote that nobody looks at is told after 15 seconds, not sent again', async () => {
  const control = fakeControl({ timeline: open, verdict: () => null });
  const { muster, elapsed } = await makeMuster(control);
  await expect(muster.vote(yes)).rejects.toMatchObject({ code: 'vote.unanswered' });
  expect(elapsed()).toBeGreaterThan(14_000);
  expect(control.votes).toHaveLength(1);
});

test('a worker that is away while the verdict is awaited is waited for', async () => {
  let asked = 0;
  const control = fakeControl({
    timeline: open,
    verdict: (id) => {
      asked += 1;
      if (asked < 3) throw new ControlError('run.unanswered');
      return { id, counted: true };
    },
  });
  const { muster } = await makeMuster(control);
  expect(await muster.vote(yes)).toMatchObject({ counted: true });
});

test('what a gate does not take is refused before anything is signed', async () => {
  const control = fakeControl({ timeline: () => timeline([haltedStep()]) });
  const { muster } = await makeMuster(control);
  const retry = { runId: RUN, gate: 'failover', decision: 'retry', person: 'anna' } as const;
  await expect(muster.vote(retry)).rejects.toMatchObject({
    code: 'vote.refused',
    message: expect.stringContaining('The plan is halted: choose how VRO goes on with it.') as unknown,
    hint: expect.stringContaining('continue RetryFailedStep') as unknown,
  });
  expect(control.votes).toEqual([]);
});

test('a no without a reason is refused', async () => {
  const { muster } = await makeMuster(fakeControl({ timeline: open }));
  await expect(muster.vote({ ...yes, decision: 'reject', comment: ' ' })).rejects.toMatchObject({
    code: 'vote.refused',
    message: 'This answer needs a reason.',
  });
});

test('a comment that is too long to be signed is refused', async () => {
  const { muster } = await makeMuster(fakeControl({ timeline: open }));
  await expect(muster.vote({ ...yes, comment: 'x'.repeat(5_000) })).rejects.toMatchObject({
    code: 'vote.refused',
  });
});

test('a run that is over takes no answers', async () => {
  const over = () => timeline([waitingStep()], { outcome: 'rejected', endedAt: START });
  const { muster } = await makeMuster(fakeControl({ timeline: over }));
  await expect(muster.vote(yes)).rejects.toMatchObject({ code: 'run.ended' });
  await expect(muster.cancel({ runId: RUN, person: 'anna' })).rejects.toMatchObject({ code: 'run.ended' });
});

test('a cancellation concerns the whole run and returns when the run has taken it', async () => {
  const control = fakeControl({
    timeline: () =>
      timeline(
        [],
        control.cancels.length === 0 ? {} : { cancelled: { by: 'anna', at: NOW, reason: 'wrong plan' } },
      ),
    verdict: () => null,
  });
  const { muster } = await makeMuster(control);
  await muster.cancel({ runId: RUN, person: 'anna', reason: 'wrong plan' });
  expect(claimsOf(control.cancels[0])).toMatchObject({
    run: 'first-1',
    gate: '*',
    nonce: 'first-1',
    digest: 'first-1',
    decision: 'cancel',
    comment: 'wrong plan',
  });
});

test('a cancellation by somebody who may not is refused, and nothing is sent', async () => {
  const control = fakeControl({ timeline: () => timeline([]) });
  const { muster } = await makeMuster(control);
  await expect(muster.cancel({ runId: RUN, person: 'bert' })).rejects.toMatchObject({
    code: 'identity.notAllowed',
  });
  expect(control.cancels).toEqual([]);
});
