import { describe, expect, test } from 'vitest';
import type { VroClient } from '../../src/veeam/index.ts';
import { siteOf, type Site } from './site.ts';

const AT_TEN = { plan: 'ERP', at: '2026-01-20T23:00:00+01:00' };
const SAVE_TIME = 'PUT /Plans/{planId}/Schedule/SaveTime';
const SAVE_RUN_AFTER = 'PUT /Plans/{planId}/Schedule/SaveRunAfter';
const DELETE_SCHEDULE = 'DELETE /Plans/{planId}/Schedule';
const CLONE = 'POST /Plans/{planId}/Clone';
const COPY = { plan: 'ERP', name: 'ERP copy', description: 'for a rehearsal' };

function callsTo({ simulator }: Site): string[] {
  return simulator.journal.map(({ call }) => call);
}

/** The answer to this call is lost after its effect, or before it. */
async function loses(call: string, when: 'before' | 'after'): Promise<Site> {
  const site = await siteOf();
  site.simulator.faults.add({ kind: 'drop', system: 'vro', call, when });
  return site;
}

/** A client whose server says that it has taken a command, and has not. */
const forgetful = (client: VroClient): VroClient => ({
  ...client,
  clone: async (_id, _body, options) => {
    await options?.beforeSend?.();
    return { status: 200, success: true, planId: undefined };
  },
});

describe('vro.schedulePlan', () => {
  test('schedules a plan at a time', async () => {
    const site = await siteOf();
    const { output } = await site.run('vro.schedulePlan', AT_TEN);
    expect(output).toMatchObject({ plan: { name: 'ERP' }, schedule: 'at 2026-01-20T22:00:00.000Z' });
    expect(site.simulator.world.plan('ERP').situation.schedule).toMatchObject({
      kind: 'at',
      at: Date.parse(AT_TEN.at),
    });
  });

  test('schedules a plan after another, by its name', async () => {
    const site = await siteOf();
    const { id } = site.simulator.world.plan('CRM').spec;
    const { output } = await site.run('vro.schedulePlan', { plan: 'ERP', after: 'CRM' });
    expect(output).toMatchObject({ schedule: `after ${id}` });
    expect(site.simulator.journal).toMatchObject([{ call: SAVE_RUN_AFTER, body: { previousPlanId: id } }]);
  });

  test('sends nothing when the plan is scheduled so already', async () => {
    const site = await siteOf();
    await site.run('vro.schedulePlan', AT_TEN);
    const input = { path: 'again' };
    expect(await site.run('vro.schedulePlan', AT_TEN, { input })).toMatchObject({ how: 'satisfied' });
    expect(callsTo(site)).toEqual([SAVE_TIME]);
  });

  test('is sent once when the answer is lost, and adopted', async () => {
    const site = await loses(SAVE_TIME, 'after');
    expect(await site.run('vro.schedulePlan', AT_TEN)).toMatchObject({
      how: 'adopted',
      output: { schedule: 'at 2026-01-20T22:00:00.000Z' },
    });
    expect(callsTo(site)).toEqual([SAVE_TIME]);
  });

  test('asks people when it may never have arrived', async () => {
    const site = await loses(SAVE_TIME, 'before');
    await expect(site.run('vro.schedulePlan', AT_TEN)).rejects.toMatchObject({ type: 'effect.unclear' });
    expect(callsTo(site)).toEqual([]);
  });

  test('refuses a plan that is disabled, and sends nothing', async () => {
    const site = await siteOf();
    await expect(site.run('vro.schedulePlan', { ...AT_TEN, plan: 'DISABLED-PLAN' })).rejects.toMatchObject({
      type: 'vro.illegalState',
    });
    expect(callsTo(site)).toEqual([]);
  });

  test.each([{ plan: 'ERP' }, { ...AT_TEN, after: 'CRM' }])(
    'takes one of `at` and `after`: %o',
    async (given) => {
      const site = await siteOf();
      await expect(site.run('vro.schedulePlan', given)).rejects.toMatchObject({
        type: 'step.badInput',
        message: expect.stringContaining('give exactly one of') as string,
      });
    },
  );
});

describe('vro.unschedulePlan', () => {
  test('removes the schedule of a plan', async () => {
    const site = await siteOf();
    await site.run('vro.schedulePlan', AT_TEN);
    const { output } = await site.run('vro.unschedulePlan', { plan: 'ERP' }, { input: { path: 'off' } });
    expect(output).toMatchObject({ schedule: '' });
    expect(callsTo(site)).toEqual([SAVE_TIME, DELETE_SCHEDULE]);
  });

  test('sends nothing when there is none', async () => {
    const site = await siteOf();
    expect(await site.run('vro.unschedulePlan', { plan: 'ERP' })).toMatchObject({ how: 'satisfied' });
    expect(callsTo(site)).toEqual([]);
  });

  test('is adopted when the answer is lost', async () => {
    const site = await loses(DELETE_SCHEDULE, 'after');
    await site.run('vro.schedulePlan', AT_TEN);
    const done = await site.run('vro.unschedulePlan', { plan: 'ERP' }, { input: { path: 'off' } });
    expect(done).toMatchObject({ how: 'adopted' });
    expect(callsTo(site)).toEqual([SAVE_TIME, DELETE_SCHEDULE]);
  });
});

describe('vro.clonePlan', () => {
  test('makes a copy, and says what it is', async () => {
    const site = await siteOf();
    const { output } = await site.run('vro.clonePlan', COPY);
    const { spec } = site.simulator.world.plan('ERP copy');
    expect(output).toMatchObject({ plan: { id: spec.id, name: 'ERP copy' } });
    expect([spec.description, spec.groups.length]).toEqual(['for a rehearsal', 3]);
  });

  test('makes no second one of the same name', async () => {
    const site = await siteOf();
    await site.run('vro.clonePlan', COPY);
    const input = { path: 'again' };
    expect(await site.run('vro.clonePlan', COPY, { input })).toMatchObject({
      how: 'satisfied',
      output: { plan: { id: site.simulator.world.plan('ERP copy').spec.id } },
    });
    expect(callsTo(site)).toEqual([CLONE]);
  });

  test('is sent once when the answer is lost, and adopted with the id of the copy', async () => {
    const site = await loses(CLONE, 'after');
    const done = await site.run('vro.clonePlan', COPY);
    const { id } = site.simulator.world.plan('ERP copy').spec;
    expect(done).toMatchObject({ how: 'adopted', output: { plan: { id } } });
    expect(callsTo(site)).toEqual([CLONE]);
  });

  test('asks people when it may never have arrived', async () => {
    const site = await loses(CLONE, 'before');
    await expect(site.run('vro.clonePlan', COPY)).rejects.toMatchObject({ type: 'effect.unclear' });
    expect(callsTo(site)).toEqual([]);
  });

  test('knows only the name of a copy that does not show yet', async () => {
    const site = await siteOf({ changeClient: forgetful });
    expect(await site.run('vro.clonePlan', COPY)).toMatchObject({
      how: 'done',
      output: { plan: { id: '', name: 'ERP copy' }, stateName: '' },
    });
  });
});
