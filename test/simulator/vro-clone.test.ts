import { expect, test } from 'vitest';
import { failOver, site } from './support.ts';

test('a clone is a plan of its own', async () => {
  const { vro, idOf, sim } = await site();
  const { json } = await vro.call('POST', `/Plans/${idOf('ERP')}/Clone`, { Name: 'ERP-2' });
  const { id } = sim.world.plan('ERP-2').spec;
  expect(json).toEqual({ success: true, data: id });
  const clone = await vro.call('GET', `/Plans/${id}`);
  expect(clone.json).toMatchObject({
    name: 'ERP-2',
    description: 'The ERP in production',
    planMode: 'Disabled',
    stateName: 'Needs Verified',
  });
});

test('clones without a name get one', async () => {
  const { ask, sim } = await site();
  await ask('ERP', 'Clone');
  await ask('ERP', 'Clone', {});
  expect(
    sim.world
      .plans()
      .slice(5)
      .map(({ spec }) => spec.name),
  ).toEqual(['Copy of ERP', 'Copy (2) of ERP']);
});

test('a clone starts in its default state, whatever the original does', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.ask('ERP', 'Clone', { name: 'ERP-2' });
  await here.ask('ERP-2', 'Enable');
  expect(await here.ask('ERP-2', 'Failover')).toBe(200);
});

test('a name that is taken is refused', async () => {
  const { ask } = await site();
  expect(await ask('ERP', 'Clone', { name: 'CRM' })).toBe(400);
});

test('a reset of the world takes clones away', async () => {
  const { ask, sim } = await site();
  await ask('ERP', 'Clone', { name: 'ERP-2' });
  sim.reset();
  expect(() => sim.world.plan('ERP-2')).toThrow(expect.objectContaining({ code: 'UNKNOWN_PLAN' }));
});

test('the change log says who changed what, until it is cleared', async () => {
  const { ask, sim, control } = await site();
  await ask('ERP', 'Disable');
  sim.world.command('ERP', { action: 'Enable' });
  expect((await control.call('GET', '/plans/ERP/changes')).json).toMatchObject([
    { at: '2026-01-15T06:00:00.000Z', by: 'administrator', what: 'The plan was disabled' },
    { by: 'console', what: 'The plan was enabled' },
  ]);
  expect(await ask('ERP', 'ResetChangeLog', { generateDrReport: true })).toBe(200);
  expect(sim.world.changeLog('ERP')).toEqual([]);
});
