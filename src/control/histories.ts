import { isGrpcServiceError, type Client } from '@temporalio/client';
import type { JsonObject } from '../model/json.ts';
import { historyToJson, type History } from './history-json.ts';

/** One execution of a run, with all its events: a run that continued as new has several. */
export interface ExecutionHistory {
  readonly executionId: string;
  /** As `temporal workflow show --output json` has it. */
  readonly history: JsonObject;
}

/** gRPC: there is none. */
const NOT_FOUND = 5;

type Events = NonNullable<History['events']>;

/** A page stays below the 4 MB that one answer may have, but for a flood of signals in one batch. */
const EVENTS_PER_PAGE = 250;

/** All executions of a run that Temporal still has, oldest first. */
export async function historiesOf(client: Client, runId: string): Promise<readonly ExecutionHistory[]> {
  const { raw } = await client.workflow.getHandle(runId).describe();
  const found: ExecutionHistory[] = [];
  let id = raw.workflowExecutionInfo?.firstRunId ?? '';
  while (id !== '') {
    const events = await eventsOf(client, { workflowId: runId, runId: id });
    found.push({ executionId: id, history: JSON.parse(historyToJson({ events })) as JsonObject });
    id = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? '';
  }
  return found;
}

/** The history of one execution; undefined when Temporal does not have it. */
export async function historyOf(
  client: Client,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<ExecutionHistory | undefined> {
  try {
    const events = await eventsOf(client, execution);
    const history = JSON.parse(historyToJson({ events })) as JsonObject;
    return { executionId: execution.runId, history };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function eventsOf(
  client: Client,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<Events> {
  const events: Events = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: EVENTS_PER_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    events.push(...(page.history?.events ?? []));
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
  return events;
}

function isNotFound(error: unknown): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return code === NOT_FOUND;
}
