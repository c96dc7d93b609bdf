import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { VroConnection } from '../deps.ts';
import { shortName } from '../read.ts';
import { hasFailed, isCritical, mayHaveFailed } from './failed-vms.ts';
import { findPlan } from './plan-view.ts';

type PlanVm = OutputOf<'vro.planVms'>['vms'][number];

/** Reads one page of a plan's machines, in the order of groups and machines, with how each came through. */
export async function readPlanVms(
  connection: VroConnection,
  { plan, start, limit, onlyFailed }: InputOf<'vro.planVms'>,
  signal: AbortSignal,
): Promise<OutputOf<'vro.planVms'>> {
  const { client } = connection;
  const { id } = await findPlan(connection, plan, signal);
  const { data: groups } = await client.runtimeDetails.groups(id, { signal });
  const vms: PlanVm[] = [];
  let total = 0;
  for (const group of groups) {
    if (onlyFailed && !mayHaveFailed(group)) continue;
    const { data } = await client.runtimeDetails.groupVms(id, group.id, { signal });
    for (const vm of data) {
      const result = vm.executionResult?.result ?? 'Undefined';
      if (onlyFailed && !hasFailed(vm)) continue;
      if (total >= start && vms.length < limit) {
        vms.push({
          group: shortName(group.name),
          vm: shortName(vm.name),
          isCritical: isCritical(vm),
          result,
        });
      }
      total += 1;
    }
  }
  return { vms, total, more: Math.max(0, total - start - vms.length) };
}
