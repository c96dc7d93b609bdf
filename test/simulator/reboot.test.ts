import { expect, test } from 'vitest';
import { failOver, LONG, site } from './support.ts';

const EMPTY = {
  progress: 0,
  totalProgress: 0,
  executionState: 'NotStarted',
  currentRunResult: 'Undefined',
  executionResult: { result: 'Undefined', details: [], startTime: null, finishTime: null },
};

test('a reboot empties the details while the plan goes on', async () => {
  const { sim, ask, details, after, vro, idOf } = await site();
  await ask('ERP', 'Failover');
  after(60);
  sim.reboot();
  expect(await details('ERP')).toMatchObject({ ...EMPTY, state: 'FailoverRunning', isRunningState: true });
  expect(await details('ERP', '/Groups')).toEqual({ total: 0, data: [] });
  after(LONG);
  expect((await vro.call('GET', `/Plans/${idOf('ERP')}`)).json).toMatchObject({ state: 'FailoverComplete' });
});

test('rewound details even claim that the plan never ran', async () => {
  const { sim, ask, details, vro, idOf } = await site();
  await ask('ERP', 'Failover');
  sim.reboot({ rewound: true });
  expect(await details('ERP')).toMatchObject({
    ...EMPTY,
    state: 'Ready',
    isRunningState: false,
    isStableState: true,
    isUndoPossible: false,
  });
  expect((await vro.call('GET', `/Plans/${idOf('ERP')}`)).json).toMatchObject({ state: 'FailoverRunning' });
});

test('details come back with the next execution', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  here.sim.reboot();
  await here.ask('ERP', 'Undo');
  expect(await here.details('ERP')).toMatchObject({ executionState: 'Running' });
  expect((await here.details('ERP', '/Groups')).total).toBe(3);
});
