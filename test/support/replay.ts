import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { historyFromJson, historyToJson } from '../../src/control/history-json.ts';
import type { Stage } from './open-stage.ts';

/** Replays histories and answers the name of each that the present code would have gone another way in, and why. */
export async function replay(
  histories: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Error>>> {
  const failed: Record<string, Error> = {};
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath: inject('workflowBundlePath') } },
    Object.entries(histories).map(([workflowId, text]) => ({ workflowId, history: historyFromJson(text) })),
  );
  for await (const { workflowId, error } of results) if (error !== undefined) failed[workflowId] = error;
  return failed;
}

/** The history of a run, to be replayed. */
export async function historyOf({ client }: Pick<Stage, 'client'>, runId: string): Promise<string> {
  return historyToJson(await client.workflow.getHandle(runId).fetchHistory());
}
