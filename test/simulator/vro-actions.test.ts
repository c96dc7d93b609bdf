import { expect, test } from 'vitest';
import type { Site } from './support.ts';
import { ANY_TEXT, failOver, LONG, site } from './support.ts';

/** How a plan gets into each state. */
const PATHS: Readonly<Record<string, (here: Site) => Promise<unknown>>> = {
  Ready: async () => undefined,
  'Ready, disabled': ({ ask }) => ask('ERP', 'Disable'),
  FailoverRunning: ({ ask }) => ask('ERP', 'Failover'),
  FailoverComplete: (here) => failOver(here, 'ERP'),
  Halted: async ({ ask, after }) => {
    await ask('ERP', 'Failover');
    await ask('ERP', 'Halt', { fullStop: false });
    after(LONG);
  },
  FailbackComplete: async (here) => {
    await failOver(here, 'ERP');
    await here.ask('ERP', 'FailbackToProduction');
    here.after(LONG);
  },
  PermanentFailoverComplete: async (here) => {
    await failOver(here, 'ERP');
    await here.ask('ERP', 'PermanentFailover');
    here.after(LONG);
  },
  PrepareToFailbackComplete: async (here) => {
    await failOver(here, 'ERP');
    await here.ask('ERP', 'PrepareToFailback');
    here.after(LONG);
  },
  UndoFailoverComplete: async (here) => {
    await failOver(here, 'ERP');
    await here.ask('ERP', 'Undo');
    here.after(LONG);
  },
  testing: async ({ sim }) => sim.world.startTest('ERP'),
  CommitFailbackComplete: async (here) => {
    await PATHS['FailbackComplete']?.(here);
    await here.ask('ERP', 'CommitFailback');
    here.after(LONG);
  },
};

const ALL = [
  'Enable',
  'Disable',
  'ReadinessCheck',
  'Failover',
  'Halt',
  'Continue',
  'Undo',
  'FailbackToProduction',
  'PrepareToFailback',
  'SwitchoverToProduction',
  'CommitFailback',
  'PermanentFailover',
  'ResetState',
  'ResetChangeLog',
];

const LEGAL: Readonly<Record<string, readonly string[]>> = {
  Ready: ['Enable', 'Disable', 'ReadinessCheck', 'Failover', 'ResetState', 'ResetChangeLog'],
  'Ready, disabled': ['Enable', 'Disable', 'ReadinessCheck', 'ResetState', 'ResetChangeLog'],
  FailoverRunning: ['Halt'],
  FailoverComplete: [
    'Undo',
    'FailbackToProduction',
    'PrepareToFailback',
    'PermanentFailover',
    'ResetState',
    'ResetChangeLog',
  ],
  UndoFailoverComplete: ['ResetState', 'ResetChangeLog'],
  PermanentFailoverComplete: ['ResetState', 'ResetChangeLog'],
  PrepareToFailbackComplete: ['Undo', 'SwitchoverToProduction', 'ResetState', 'ResetChangeLog'],
  Halted: ['Continue', 'Undo', 'ResetState', 'ResetChangeLog'],
  FailbackComplete: ['Undo', 'CommitFailback', 'ResetState', 'ResetChangeLog'],
  CommitFailbackComplete: ['ResetState', 'ResetChangeLog'],
  testing: ['Halt'],
};

test.each(Object.entries(LEGAL))('in %s exactly these are legal: %j', async (state, legal) => {
  const accepted = await Promise.all(
    ALL.map(async (action) => {
      const here = await site();
      await PATHS[state]?.(here);
      const status = await here.ask('ERP', action, { executionContinueOptions: 'RetryFailedStep' });
      return status === 200 ? [action] : [];
    }),
  );
  expect(accepted.flat()).toEqual(legal);
});

test('an illegal action says why', async () => {
  const { vro, idOf } = await site();
  const { status, json } = await vro.call('POST', `/Plans/${idOf('DISABLED-PLAN')}/Failover`);
  expect(status).toBe(400);
  expect(json).toEqual({ message: 'Failover is not possible for plan DISABLED-PLAN: it is not enabled.' });
});

test('an accepted action answers the wrapper', async () => {
  const { vro, idOf } = await site();
  const { json } = await vro.call('POST', `/plans/${idOf('ERP').toUpperCase()}/failover`);
  expect(json).toEqual({ success: true, data: null });
});

test('a restore plan cannot be failed over', async () => {
  const { ask } = await site();
  expect(await ask('FILES', 'Failover')).toBe(400);
});

test('a command to an unknown plan is not found', async () => {
  const { vro } = await site();
  expect((await vro.call('POST', '/Plans/11111111-1111-4111-8111-111111111111/Failover')).status).toBe(404);
});

test('property names in bodies are read in any case', async () => {
  const { ask, sim } = await site();
  await ask('ERP', 'Failover', { RestorepointDate: '2026-01-14T00:00:00Z', EXECUTECHAINEDPLANS: true });
  expect(sim.journal[0]?.body).toEqual({
    executeChainedPlans: true,
    restorePointDate: '2026-01-14T00:00:00Z',
    protectStorageVolumes: false,
  });
});

test.each([
  ['Failover', { restorePointDate: 'yesterday' }],
  ['Failover', '{"broken'],
  ['Continue', {}],
  ['Continue', { executionContinueOptions: 'TryHarder' }],
])('%s with the body %j is a bad request', async (action, body) => {
  const { ask, sim } = await site();
  expect(await ask('ERP', action, body)).toBe(400);
  expect(sim.journal).toEqual([]);
});

test('an empty body with a JSON content type is accepted', async () => {
  const { vro, idOf } = await site();
  const headers = { 'content-type': 'application/json' };
  expect((await vro.call('POST', `/Plans/${idOf('CRM')}/ReadinessCheck`, undefined, headers)).status).toBe(
    200,
  );
});

test('only what changed the world is in the journal', async () => {
  const { ask, sim } = await site();
  await ask('ERP', 'Enable');
  await ask('ERP', 'Undo');
  await ask('ERP', 'Failover');
  await ask('ERP', 'Failover');
  expect(sim.journal).toEqual([
    {
      no: 1,
      at: ANY_TEXT,
      system: 'vro',
      call: 'POST /Plans/{planId}/Failover',
      target: 'ERP',
      by: 'administrator',
      body: { executeChainedPlans: false, restorePointDate: null, protectStorageVolumes: false },
    },
  ]);
});

test('two clients asking at once start one failover', async () => {
  const { ask } = await site();
  const statuses = await Promise.all([ask('ERP', 'Failover'), ask('ERP', 'Failover')]);
  expect(statuses.sort()).toEqual([200, 400]);
});
