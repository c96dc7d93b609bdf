import { expect, test } from 'vitest';
import { ControlError } from '../../src/control/index.ts';
import { done, running, START, step, timeline, waitingStep } from '../cli/sample-run.ts';
import { fakeControl } from './fake-control.ts';
import { makeMuster } from './make-muster.ts';

const RUNBOOK = `apiVersion: muster/v1
name: look
title: Look at a plan
connections: { vro: dr-site }
inputs:
  plan: { type: vroPlan }
steps:
  - id: plan
    uses: vro.plan
    with: { plan: '\${{ inputs.plan }}' }
`;
const request = {
  file: 'look.yaml',
  text: RUNBOOK,
  mode: 'drill',
  purpose: 'exercise',
  person: 'anna',
} as const;

test('a start keeps the runbook and starts a run of its digest', async () => {
  const control = fakeControl();
  const { muster, kept } = await makeMuster(control);
  const { runId, digest } = await muster.start({ ...request, inputs: { plan: 'ERP' } });
  expect(runId).toMatch(/^look-20250131-[0-9a-z]{6}$/);
  expect(digest).toBe('digest-of-it');
  expect(kept).toEqual([expect.stringContaining('"name":"look"')]);
  expect(control.started).toEqual([
    {
      runId,
      input: {
        runbook: 'look',
        runbookDigest: 'digest-of-it',
        mode: 'drill',
        purpose: 'exercise',
        inputs: { plan: 'ERP' },
        starter: 'anna',
      },
    },
  ]);
});

test('a start without its inputs is refused with diagnostics, and nothing is kept', async () => {
  const control = fakeControl();
  const { muster, kept } = await makeMuster(control);
  await expect(muster.start({ ...request, inputs: {} })).rejects.toMatchObject({
    code: 'run.refused',
    diagnostics: [{ code: 'INPUT_MISSING', file: 'look.yaml' }],
  });
  expect([kept, control.started]).toEqual([[], []]);
});

test('nobody starts a run without saying who they are', async () => {
  const { muster } = await makeMuster(fakeControl());
  await expect(muster.start({ ...request, person: 'eve', inputs: { plan: 'ERP' } })).rejects.toMatchObject({
    code: 'identity.notAllowed',
  });
});

test('validation names the runbook, its digest and its steps', async () => {
  const { muster } = await makeMuster(fakeControl());
  expect(await muster.validate({ file: 'look.yaml', text: RUNBOOK })).toEqual({
    ok: true,
    diagnostics: [],
    name: 'look',
    title: 'Look at a plan',
    digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    steps: 1,
  });
});

test('validation with a mode checks the start as well', async () => {
  const { muster } = await makeMuster(fakeControl());
  const checked = await muster.validate({ file: 'look.yaml', text: RUNBOOK, mode: 'drill' });
  expect(checked).toMatchObject({ ok: false, diagnostics: [{ code: 'INPUT_MISSING' }] });
});

test('a view has the progress of what still runs', async () => {
  const control = fakeControl({
    timeline: () => timeline([running('failover', 0), done('ready', 0, 1)]),
    describe: async (runId) => ({
      runId,
      runbook: 'dr-drill',
      mode: 'drill',
      state: 'running',
      startedAt: START,
      activities: [
        { path: 'failover', says: 'group 1', percent: 10, attempt: 2, lastFailure: 'worker lost' },
        { path: 'ready', says: 'old', attempt: 1 },
      ],
    }),
  });
  const { muster } = await makeMuster(control);
  expect(await muster.show('dr-drill-1')).toMatchObject({
    state: 'running',
    progress: { failover: { says: 'group 1 (attempt 2; before: worker lost)', percent: 10 } },
  });
  expect((await muster.show('dr-drill-1')).progress).not.toHaveProperty('ready');
});

test('a run whose outcome is known is not over while always still runs', async () => {
  const steps = [running('always/tell', 60)];
  const { muster } = await makeMuster(
    fakeControl({ timeline: () => timeline(steps, { outcome: 'failed' }) }),
  );
  const view = await muster.show('dr-drill-1');
  expect(view.state).toBe('running');
  expect(view.outcome).toBeUndefined();
});

test("control's errors arrive as muster's, with what to do", async () => {
  const { muster } = await makeMuster(
    fakeControl({ list: () => Promise.reject(new ControlError('temporal.unreachable')) }),
  );
  await expect(muster.list()).rejects.toMatchObject({
    name: 'MusterError',
    code: 'temporal.unreachable',
    hint: expect.stringContaining('npm start') as unknown,
  });
});

test('a gate is asked for by the path of its step', async () => {
  const { muster } = await makeMuster(
    fakeControl({ timeline: () => timeline([waitingStep('go'), step('failover')]) }),
  );
  const vote = { runId: 'dr-drill-1', decision: 'approve', person: 'bert' } as const;
  await expect(muster.vote({ ...vote, gate: 'failover' })).rejects.toMatchObject({
    code: 'gate.notOpen',
    message: 'The step failover does not wait for people now.',
    hint: 'These wait for an answer: go.',
  });
});
