import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { QUICK_READ, readOptions } from '../../workflows/activity-options.ts';

/** What `http.check` says in the catalog. */
const TIMEOUT_MS = 60_000;
/** As long as a real one: the payloads of both sides shall weigh the same. */
const DIGEST = '0'.repeat(64);

/** How many checks to do, of what, and how. */
export interface ChecksByHand {
  readonly url: string;
  readonly steps: number;
  /** As activities of their own, or within the workflow task, as the interpreter does with quick reads. */
  readonly reads: 'activities' | 'inTask';
  /** Default: one after another. */
  readonly order?: 'inARow' | 'atOnce';
}

/** What somebody would write who needs these checks once and has no runbooks: same activity, options and input. */
export async function checksByHand({ url, steps, reads, order = 'inARow' }: ChecksByHand): Promise<void> {
  type Checks = Pick<Activities, 'http.check'>;
  const activities =
    reads === 'inTask'
      ? proxyLocalActivities<Checks>(QUICK_READ)
      : proxyActivities<Checks>(readOptions(TIMEOUT_MS));
  const { workflowId, firstExecutionRunId, workflowType } = workflowInfo();
  const check = (step: number): Promise<unknown> =>
    activities['http.check']({
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
  const numbers = Array.from({ length: steps }, (_none, index) => index + 1);
  if (order === 'atOnce') await Promise.all(numbers.map(check));
  else for (const step of numbers) await check(step);
}
