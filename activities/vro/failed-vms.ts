import type { FailedVm, SettledPlan } from '../../src/catalog/index.ts';
import type {
  GroupRuntimeDetails,
  StepRuntimeDetails,
  VmRuntimeDetails,
  VroClient,
} from '../../src/veeam/index.ts';
import type { VroConnection } from '../deps.ts';
import { MAX_LISTED, shortName } from '../read.ts';

/** Steps are asked for this many machines at once: a server has other guests. */
const AT_ONCE = 8;
/** Of a sentence of VRO; fifty of them must fit into a failure. */
const MAX_INFO = 200;

/** `Error` is spelled as severities are; no document prints it, so its likeliest other spelling counts as well. */
const FAILED_RESULTS: ReadonlySet<unknown> = new Set(['Error', 'Failed']);

/** Whether a result of VRO means that something failed. */
export function isFailedResult(result: unknown): boolean {
  return FAILED_RESULTS.has(result);
}

interface Suspect {
  readonly group: GroupRuntimeDetails;
  readonly vm: VmRuntimeDetails;
}

/** Counts of an execution and the machines that did not come through, critical ones first. */
export async function failedVms(
  { client }: VroConnection,
  planId: string,
  signal: AbortSignal,
): Promise<Pick<SettledPlan, 'counts' | 'failed' | 'more'>> {
  const { data: groups } = await client.runtimeDetails.groups(planId, { signal });
  const suspects: Suspect[] = [];
  for (const group of groups) {
    if (!mayHaveFailed(group)) continue;
    const { data: vms } = await client.runtimeDetails.groupVms(planId, group.id, { signal });
    suspects.push(...vms.filter(hasFailed).map((vm) => ({ group, vm })));
  }
  suspects.sort((a, b) => Number(isCritical(b.vm)) - Number(isCritical(a.vm)));
  const named = suspects.slice(0, MAX_LISTED);
  const failed: FailedVm[] = [];
  for (let first = 0; first < named.length; first += AT_ONCE) {
    const some = named.slice(first, first + AT_ONCE);
    failed.push(...(await Promise.all(some.map((suspect) => failedVm(client, planId, suspect, signal)))));
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

async function failedVm(
  client: VroClient,
  planId: string,
  { group, vm }: Suspect,
  signal: AbortSignal,
): Promise<FailedVm> {
  const { data: steps } = await client.runtimeDetails.vmSteps(planId, vm.id, { signal });
  const step = steps.find(hasFailed);
  return {
    group: shortName(group.name),
    vm: shortName(vm.name),
    isCritical: isCritical(vm),
    step: shortName(step?.name ?? ''),
    info: infoOf(step ?? vm),
  };
}

/** Whether a group, machine or step ended with errors. */
export function hasFailed({
  executionResult,
}: GroupRuntimeDetails | StepRuntimeDetails | VmRuntimeDetails): boolean {
  return isFailedResult(executionResult?.result);
}

/** Whether it is worth asking for the machines of a group, when only those that failed are wanted. */
export function mayHaveFailed(group: GroupRuntimeDetails): boolean {
  return (group.errorCount ?? 0) > 0 || hasFailed(group);
}

/** Whether a machine must come through. One of which VRO does not say counts as critical: somebody has to look. */
export function isCritical(vm: VmRuntimeDetails): boolean {
  return vm.isCritical ?? true;
}

/** VRO's own words about what went wrong: the last error, else the last line. */
function infoOf({ executionResult }: StepRuntimeDetails | VmRuntimeDetails): string {
  const details = executionResult?.details ?? [];
  const said = details.findLast(({ severity }) => severity === 'Error') ?? details.at(-1);
  return (said?.friendlyInfo ?? '').slice(0, MAX_INFO);
}
