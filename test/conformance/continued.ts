import type { Client } from '@temporalio/client';
import type { RunView } from '../../src/client/index.ts';
import { stepOf } from '../support/stage.ts';

/** The steps among `paths` that no execution of the run found under way when it took over; none, if all is as it says. */
export async function notInMiddle(
  { client }: { readonly client: Client },
  view: RunView,
  paths: readonly string[],
): Promise<string[]> {
  const starts = await continuedAt(client, view.timeline.run.runId);
  return paths.filter((path) => {
    const { startedAt = Infinity, endedAt = Infinity } = stepOf(view, path);
    return !starts.some((at) => startedAt <= at && at <= endedAt);
  });
}

/** When the executions began that took over from another one. Milliseconds since 1970. */
async function continuedAt(client: Client, workflowId: string): Promise<number[]> {
  const starts: number[] = [];
  let { runId } = await client.workflow.getHandle(workflowId).describe();
  while (runId !== '') {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const first = history?.events?.[0];
    runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    const { seconds = 0, nanos = 0 } = first?.eventTime ?? {};
    // Whole ones, as the sandbox counts them.
    if (runId !== '') starts.push(Math.floor(Number(seconds) * 1_000 + Number(nanos) / 1e6));
  }
  return starts;
}
