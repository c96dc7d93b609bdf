import type { OutputOf } from '../../src/catalog/index.ts';
import type { VroConnection } from '../deps.ts';
import { MAX_LISTED, shortName } from '../read.ts';
import { failedVms } from './failed-vms.ts';
import { viewPlan } from './plan-view.ts';

/** Reads the current or last execution of a plan: its groups, and the machines that failed down to their steps. */
export async function readExecution(
  connection: VroConnection,
  planId: string,
  signal: AbortSignal,
): Promise<OutputOf<'vro.runtimeDetails'>> {
  const [view, found, { data: groups }] = await Promise.all([
    viewPlan(connection, planId, signal),
    failedVms(connection, planId, signal),
    connection.client.runtimeDetails.groups(planId, { signal }),
  ]);
  const shown = groups.slice(0, MAX_LISTED).map((group) => ({
    name: shortName(group.name),
    result: group.executionResult?.result ?? 'Undefined',
    vms: group.totalCount ?? 0,
    errors: group.errorCount ?? 0,
    warnings: group.warningCount ?? 0,
  }));
  return {
    plan: { id: view.id, name: view.name },
    state: view.state,
    stateName: view.stateName,
    result: view.runResult,
    resultName: view.resultName,
    running: view.position === 'active',
    progress: view.progress,
    ...found,
    groups: shown,
    moreGroups: groups.length - shown.length,
    startedAt: view.startTime,
    finishedAt: view.finishTime,
  };
}
