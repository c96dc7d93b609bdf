import type { Client } from '@temporalio/client';

type Page = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
type Events = NonNullable<NonNullable<Page['history']>['events']>;

/** Of a flood such a page has a few MB; the stage's connection takes that. */
const EVENTS_PER_PAGE = 250;

/** One execution of a run: a run that continued as new has several. */
export interface Execution {
  readonly id: string;
  readonly events: Events;
}

/** All executions of a run, oldest first, with their histories. */
export async function executionsOf(
  { client }: { readonly client: Client },
  runId: string,
): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  const { raw } = await client.workflow.getHandle(runId).describe();
  let id = raw.workflowExecutionInfo?.firstRunId;
  while (id !== undefined && id !== null && id !== '') {
    const events = await eventsOf(client, runId, id);
    executions.push({ id, events });
    id = continuedIn(events)?.newExecutionRunId;
  }
  return executions;
}

async function eventsOf(client: Client, workflowId: string, runId: string): Promise<Events> {
  const events: Events = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: EVENTS_PER_PAGE,
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
    events.push(...(page.history?.events ?? []));
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
  return events;
}

/** What each execution but the last handed to the next, in bytes. */
export function handoverSizes(executions: readonly Execution[]): readonly number[] {
  return executions.flatMap(({ events }) => {
    const handover = continuedIn(events);
    if (handover === undefined) return [];
    return (handover.input?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  });
}

/** What an execution handed to the next, as text. */
export function handoverOf({ events }: Execution): string | undefined {
  const data = continuedIn(events)?.input?.payloads?.[0]?.data;
  return data === undefined || data === null ? undefined : Buffer.from(data).toString('utf8');
}

function continuedIn(
  events: Events,
): NonNullable<Events[number]['workflowExecutionContinuedAsNewEventAttributes']> | undefined {
  return events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes ?? undefined;
}
