import { describe, expect, test } from 'vitest';
import { gateFacts } from '../../activities/gate-facts.ts';
import type { CoveredStep } from '../../src/model/vote.ts';
import { siteOf, type Site } from './site.ts';

async function coveredPlan({ simulator }: Site): Promise<CoveredStep[]> {
  const { id } = simulator.world.plan('ERP').spec;
  return [{ path: 'failover', action: 'vro.failover', with: { plan: 'ERP' }, target: `dr-site/plan/${id}` }];
}

describe('what people are shown at a gate', () => {
  test('is how the plan stands, and how many machines it has', async () => {
    const site = await siteOf();
    const { plans, machines, unknown } = await gateFacts(site.deps, await coveredPlan(site), { one: 'hq' });
    const names = site.simulator.world
      .plan('ERP')
      .spec.groups.flatMap(({ vms }) => vms.map(({ name }) => name));
    expect(plans).toMatchObject([{ name: 'ERP', machines: names.length }]);
    expect([machines.map(({ name }) => name).sort(), unknown]).toEqual([names.sort(), []]);
  });

  test('has the newest restore point of each machine that Veeam ONE knows', async () => {
    const site = await siteOf();
    const { machines, at } = await gateFacts(site.deps, await coveredPlan(site), { one: 'hq' });
    const { data } = await site.deps.one('hq').client.protectedVms.all({});
    const known = machines.filter(({ newestPoint }) => newestPoint !== undefined);
    const expected = data.filter(({ name }) => machines.some((machine) => machine.name === name));
    expect(known.length).toBe(expected.length);
    expect(known.every(({ newestPoint = Infinity }) => newestPoint <= at)).toBe(true);
  });

  test('says what is not known when Veeam ONE is away', async () => {
    const site = await siteOf();
    site.simulator.faults.add({ kind: 'error', status: 500, system: 'one', call: '*', times: 'always' });
    const facts = await gateFacts(site.deps, await coveredPlan(site), { one: 'hq', limitMs: 500 });
    expect(facts.plans).toHaveLength(1);
    expect(facts.unknown).toEqual(['How old the restore points are: hq could not be asked.']);
  });

  test('does not wait for a server that hangs', async () => {
    const site = await siteOf();
    const covered = await coveredPlan(site);
    site.simulator.faults.add({ kind: 'hang', system: 'vro', call: '*', times: 'always' });
    const { plans, unknown } = await gateFacts(site.deps, covered, { one: 'hq', limitMs: 100 });
    expect([plans, unknown]).toEqual([[], [`The plan ${covered[0]?.target} could not be looked at.`]]);
  });

  test('says so when the runbook names no Veeam ONE', async () => {
    const site = await siteOf();
    const { unknown } = await gateFacts(site.deps, await coveredPlan(site), { one: undefined });
    expect(unknown).toEqual(['How old the restore points are: the runbook names no Veeam ONE.']);
  });

  test('is nothing where nothing is covered', async () => {
    const site = await siteOf();
    const facts = await gateFacts(site.deps, [], { one: 'hq' });
    expect(facts).toMatchObject({ plans: [], machines: [], more: 0, unknown: [] });
  });
});
