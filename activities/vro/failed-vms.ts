import type { FailedVm, SettledPlan } from '../../src/catalog/index.ts';
import type { GroupRuntimeDetails, StepRuntimeDetails, VmRuntimeDetails } from '../../src/veeam/index.ts';
import type { VroConnection } from '../deps.ts';

/** How many failed VMs are named; the rest is counted. An operator reads a few and opens VRO for more. */
const MAX_FAILED = 20;
const MAX_INFO = 300;

/** Counts of an execution and the machines that did not come through, critical ones first. */
export async function failedVms(
  { client }: VroConnection,
  planId: string,
  signal: AbortSignal,
): Promise<Pick<SettledPlan, 'counts' | 'failed' | 'more'>> {
  const { data: groups } = await client.runtimeDetails.groups(planId, { signal });
  const suspects: { group: GroupRuntimeDetails; vm: VmRuntimeDetails }[] = [];
  for (const group of groups) {
    if ((group.errorCount ?? 0) === 0 && group.executionResult?.result !== 'Error') continue;
    const { data: vms } = await client.runtimeDetails.groupVms(planId, group.id, { signal });
    suspects.push(...vms.filter((vm) => vm.executionResult?.result === 'Error').map((vm) => ({ group, vm })));
  }
  suspects.sort((a, b) => Number(b.vm.isCritical ?? false) - Number(a.vm.isCritical ?? false));
  const failed: FailedVm[] = [];
  for (const { group, vm } of suspects.slice(0, MAX_FAILED)) {
    const { data: steps } = await client.runtimeDetails.vmSteps(planId, vm.id, { signal });
    const step = steps.find(({ executionResult }) => executionResult?.result === 'Error');
    failed.push({
      group: group.name,
      vm: vm.name,
      isCritical: vm.isCritical ?? false,
      step: step?.name ?? '',
      info: infoOf(step ?? vm),
    });
  }
  const sum = (field: 'totalCount' | 'successCount' | 'warningCount' | 'errorCount'): number =>
    groups.reduce((total, group) => total + (group[field] ?? 0), 0);
  return {
    counts: {
      groups: groups.length,
      vms: sum('totalCount'),
      succeeded: sum('successCount'),
      warnings: sum('warningCount'),
      errors: sum('errorCount'),
    },
    failed,
    more: suspects.length - failed.length,
  };
}

/** VRO's own words about what went wrong: the last error, else the last line. */
function infoOf({ executionResult }: StepRuntimeDetails | VmRuntimeDetails): string {
  const details = executionResult?.details ?? [];
  const said = details.findLast(({ severity }) => severity === 'Error') ?? details.at(-1);
  return (said?.friendlyInfo ?? '').slice(0, MAX_INFO);
}
