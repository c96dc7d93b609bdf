import type { Scenario } from '../../src/simulator/index.ts';

export type PlanInput = Scenario['vro']['plans'][number];
export type VroInput = Scenario['vro'];

/** A plan of one group with these machines, each of which takes ten seconds. */
export function planInput(
  name: string,
  { vms = ['vm-01'], ...rest }: Partial<Omit<PlanInput, 'name' | 'groups'>> & { vms?: string[] } = {},
): PlanInput {
  return {
    name,
    ...rest,
    groups: [
      {
        name: 'Machines',
        vms: vms.map((vm) => ({
          name: vm,
          steps: [{ name: 'Process VM', actionType: 'ProcessVm', seconds: 10, isCritical: true }],
        })),
      },
    ],
  };
}

/** A world of these plans. */
export function worldOf(plans: PlanInput[], vro: Partial<Omit<VroInput, 'plans'>> = {}): Scenario {
  return { name: 'test', vro: { ...vro, plans } };
}
