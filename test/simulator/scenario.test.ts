import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Scenario } from '../../src/simulator/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { site } from './support.ts';

const SMALL = `
name: small
vro:
  plans:
    - name: SHOP
      groups:
        - name: All
          vms: [{ name: shop-01, steps: [{ name: Start, seconds: 10 }] }]
`;

test('a scenario may be written down as YAML', async () => {
  const { ask, after, details } = await site({ scenario: parse(SMALL) as Scenario });
  await ask('SHOP', 'Failover');
  after(10);
  expect(await details('SHOP')).toMatchObject({ state: 'FailoverComplete' });
});

test('ids that are not given are always the same', async () => {
  const scenario = parse(SMALL) as Scenario;
  const [one, other] = await Promise.all([site({ scenario }), site({ scenario })]);
  expect(one.idOf('SHOP')).toBe(other.idOf('SHOP'));
});

test.each([
  ['unknown keys', { name: 'x', vro: { plans: [] }, colour: 'red' } as Scenario],
  ['a name twice', { name: 'x', vro: { plans: [plan('A'), plan('A')] } }],
  ['a VM listed twice', { name: 'x', vro: { plans: [] }, vbr: { vms: [{ name: 'v' }, { name: 'V' }] } }],
])('a scenario with %s is refused', async (_title, scenario) => {
  await expect(startSimulator({ scenario })).rejects.toMatchObject({ code: 'INVALID_SCENARIO' });
});

function plan(name: string): Scenario['vro']['plans'][number] {
  return { name, groups: [{ name: 'g', vms: [{ name: 'v', steps: [{ name: 's', seconds: 1 }] }] }] };
}
