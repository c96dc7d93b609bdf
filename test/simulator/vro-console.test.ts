import { expect, test } from 'vitest';
import { failOver, LONG, site } from './support.ts';

test('somebody at the console acts behind the back of the API', async () => {
  const { control, details, sim, after } = await site();
  expect((await control.call('POST', '/plans/ERP/console/Failover')).status).toBe(204);
  after(LONG);
  expect(await details('ERP')).toMatchObject({ state: 'FailoverComplete' });
  expect(sim.journal).toEqual([]);
});

test('the console continues a halted plan', async () => {
  const here = await site();
  here.sim.faults.add({ kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', critical: true });
  await failOver(here, 'ERP');
  const body = { executionContinueOptions: 'RetryFailedStep' };
  await here.control.call('POST', '/plans/ERP/console/continue', body);
  here.after(LONG);
  expect(await here.details('ERP')).toMatchObject({ state: 'FailoverComplete', currentRunResult: 'Success' });
});

test('the console starts a test', async () => {
  const { control, details } = await site();
  await control.call('POST', '/plans/ERP/console/StartTest');
  expect(await details('ERP')).toMatchObject({ state: 'TestPending', isRunningState: true });
});

test.each([
  ['/plans/ERP/console/Dance', 400],
  ['/plans/ERP/console/Undo', 400],
  ['/plans/NONE/console/Failover', 404],
])('%s is answered with %d', async (path, status) => {
  const { control } = await site();
  expect((await control.call('POST', path)).status).toBe(status);
});
