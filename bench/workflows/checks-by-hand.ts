import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { readOptions } from '../../workflows/activity-options.ts';

/** What `http.check` says in the catalog. */
const TIMEOUT_MS = 60_000;
/** As long as a real one: the payloads of both sides shall weigh the same. */
const DIGEST = '0'.repeat(64);

/** How many checks to do one after another, and of what. */
export interface ChecksByHand {
  readonly url: string;
  readonly steps: number;
}

/** What somebody would write who needs these checks once and has no runbooks: same activity, options and input. */
export async function checksByHand({ url, steps }: ChecksByHand): Promise<void> {
  const activities = proxyActivities<Pick<Activities, 'http.check'>>(readOptions(TIMEOUT_MS));
  const { workflowId, firstExecutionRunId, workflowType } = workflowInfo();
  for (let step = 1; step <= steps; step += 1) {
    await activities['http.check']({
      run: {
        runId: workflowId,
        firstExecutionId: firstExecutionRunId,
        runbook: workflowType,
        runbookDigest: DIGEST,
        mode: 'drill',
        purpose: 'exercise',
        starter: 'bench',
      },
      path: `check${step}`,
      phase: 'steps',
      attempt: 1,
      action: 'http.check',
      with: { url },
    });
  }
}
