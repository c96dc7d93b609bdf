import { defineSearchAttributeKey } from '@temporalio/common';
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { EngineActivities } from '../activities/contract.ts';
import type { Launched, LaunchInput } from '../src/model/launch.ts';
import { LAUNCH, TELL } from './activity-options.ts';

/** When Temporal's schedule meant this to happen; of a trigger by hand, when that was. */
const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * What a schedule starts: it starts the run, or keeps and tells why not. It is short: the run is no part of it, and goes on
 * when it has ended.
 */
export async function launch(input: LaunchInput): Promise<Launched> {
  const { workflowId, typedSearchAttributes, startTime } = workflowInfo();
  const scheduledAt = typedSearchAttributes.get(SCHEDULED_AT) ?? startTime;
  const launching = proxyActivities<EngineActivities>(LAUNCH);
  const launched = await launching['muster.launch']({
    ...input,
    id: workflowId,
    scheduledAt: scheduledAt.getTime(),
  });
  if (launched.outcome === 'started') return launched;
  const telling = proxyActivities<EngineActivities>(TELL);
  await telling['muster.tellLaunch']({
    id: workflowId,
    runbook: input.runbook,
    mode: input.mode,
    launched,
  }).catch(() => undefined);
  return launched;
}
