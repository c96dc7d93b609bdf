import type { ScenarioSpec } from '../scenario.ts';
import type { GroupSpec, PlanSpec, VmSpec } from '../scenario/plan-spec.ts';
import type { Item } from './expressions.ts';

/** What a group is, whether its plan runs or not. Of the names only those of inventory groups are documented. */
export function groupTraits(group: GroupSpec, plan: PlanSpec, { name }: Pick<ScenarioSpec, 'name'>): Item {
  const isVirtual = group.vms.length === 0;
  const critical = group.vms.filter((vm) => vm.isCritical).length;
  return {
    groupType: isVirtual ? 'VirtualGroup' : 'VmGroup',
    isProtected: false,
    isParallel: false,
    parallelProcessingVmsCount: 1,
    vmsCriticality:
      critical === 0 ? 'AllNotCritical' : critical === group.vms.length ? 'AllCritical' : 'SomeCritical',
    vcenter: `vcenter.${name}.example`,
    datacenter: 'Recovery',
    virtualGroupType: 'Normal',
    groupCategory: 'Tag',
    executionType: plan.planType,
  };
}

/** VRO numbers its virtual objects. The first number is the one in the documented example. */
const FIRST_OBJECT = 500;

/** What a machine is in a plan, in which it is the `number`th, from 1. */
export function vmTraits({ isCritical }: VmSpec, number: number): Item {
  return {
    voId: FIRST_OBJECT + number - 1,
    isCritical,
    number,
    isWebConsoleAvailable: false,
    sourceMissing: false,
  };
}
