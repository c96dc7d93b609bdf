import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { historyFromJson, historyToJson } from '../../src/control/history-json.ts';
import type { Execution } from './executions.ts';
import type { Stage } from './open-stage.ts';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** Replays histories and answers the name of each that the present code would have gone another way in, and why. */
export function replay(
  histories: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Error>>> {
  return replayed(Object.entries(histories).map(([name, text]) => [name, historyFromJson(text)]));
}

/** The same, of executions: by their ids. */
export function replayExecutions(executions: readonly Execution[]): Promise<Readonly<Record<string, Error>>> {
  return replayed(executions.map(({ id, events }) => [id, { events }]));
}

/** The history of a run, to be replayed. */
export async function historyOf({ client }: Pick<Stage, 'client'>, runId: string): Promise<string> {
  return historyToJson(await client.workflow.getHandle(runId).fetchHistory());
}

async function replayed(
  histories: readonly (readonly [string, History])[],
): Promise<Readonly<Record<string, Error>>> {
  const failed: Record<string, Error> = {};
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath: inject('workflowBundlePath') } },
    histories.map(([workflowId, history]) => ({ workflowId, history })),
  );
  for await (const { workflowId, error } of results) if (error !== undefined) failed[workflowId] = error;
  return failed;
}
