import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { isJsonObject, textOf, type JsonObject } from '../model/json.ts';
import { RUNBOOK_WORKFLOW } from '../../workflows/messages.ts';
import { historyOf, type ExecutionHistory } from './histories.ts';

/** Everything that Temporal has under the name of one run. */
export interface WholeRun {
  /** Those of its chain first, oldest first; then what branched off by a reset, or was started under its name. */
  readonly executions: readonly ExecutionHistory[];
  /** Executions that others name and that are gone. */
  readonly missing: readonly string[];
  /** Whether one of them goes on. */
  readonly isOpen: boolean;
}

/** An execution, as the list of Temporal has it. */
export interface BegunExecution {
  readonly runId: string;
  readonly executionId: string;
  /** The run that has started it. */
  readonly parent?: string;
  readonly startedAt: number;
  readonly isOpen: boolean;
}

/** Reads every execution that the list of Temporal, the last one, or another one names. */
export async function wholeRun(client: Client, runId: string): Promise<WholeRun> {
  const latest = await latestOf(client, runId);
  const wanted = new Set(latest === undefined ? [] : [latest.first, latest.executionId]);
  // No run id has a quote in it.
  for await (const { runId: id } of client.workflow.list({ query: `WorkflowId = '${runId}'` })) {
    wanted.add(id);
  }
  const read = new Map<string, ExecutionHistory>();
  const missing: string[] = [];
  for (const id of wanted) {
    if (id === '') continue;
    const found = await historyOf(client, { workflowId: runId, runId: id });
    if (found === undefined) {
      missing.push(id);
      continue;
    }
    read.set(id, found);
    for (const named of namedIn(found.history)) wanted.add(named);
  }
  const executions = inOrder([...read.values()]);
  return { executions, missing, isOpen: latest?.isOpen ?? false };
}

/** Executions of runs on a queue that began after a time. */
export async function begunExecutions(
  client: Client,
  { taskQueue, since }: { readonly taskQueue: string; readonly since: number },
): Promise<readonly BegunExecution[]> {
  const begun: BegunExecution[] = [];
  const query = [
    `WorkflowType = '${RUNBOOK_WORKFLOW}'`,
    `TaskQueue = '${taskQueue}'`,
    `StartTime > '${new Date(since).toISOString()}'`,
  ].join(' AND ');
  for await (const { workflowId, runId, parentExecution, startTime, status } of client.workflow.list({
    query,
  })) {
    const parent = parentExecution?.workflowId;
    begun.push({
      runId: workflowId,
      executionId: runId,
      ...(typeof parent === 'string' && { parent }),
      startedAt: startTime.getTime(),
      isOpen: status.name === 'RUNNING',
    });
  }
  return begun.sort((a, b) => a.startedAt - b.startedAt);
}

/** The latest execution under a name; undefined when Temporal has none. */
async function latestOf(client: Client, runId: string) {
  try {
    const { raw, runId: executionId, status } = await client.workflow.getHandle(runId).describe();
    const first = raw.workflowExecutionInfo?.firstRunId ?? '';
    return { first, executionId, isOpen: status.name === 'RUNNING' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** The executions that a history names as those before or after it. */
function namedIn(history: JsonObject): readonly string[] {
  const events = eventsIn(history);
  return events.flatMap((event) => {
    const facts = Object.values(event).filter(isJsonObject);
    return facts.flatMap((fact) =>
      LINKS.flatMap((link) => {
        const id = textOf(fact[link]);
        return id === undefined || id === '' ? [] : [id];
      }),
    );
  });
}

const LINKS = ['newExecutionRunId', 'continuedExecutionRunId', 'baseRunId', 'firstExecutionRunId'] as const;

/** By the links of continue-as-new, the rest behind. */
function inOrder(executions: readonly ExecutionHistory[]): readonly ExecutionHistory[] {
  const byId = new Map(executions.map((one) => [one.executionId, one]));
  const first = executions.find(({ executionId, history }) => {
    const [began] = eventsIn(history);
    const facts = began?.['workflowExecutionStartedEventAttributes'];
    return isJsonObject(facts) && facts['firstExecutionRunId'] === executionId;
  });
  const chain: ExecutionHistory[] = [];
  for (let at = first; at !== undefined && !chain.includes(at);) {
    chain.push(at);
    const facts = eventsIn(at.history).at(-1)?.['workflowExecutionContinuedAsNewEventAttributes'];
    const next = isJsonObject(facts) ? textOf(facts['newExecutionRunId']) : undefined;
    at = next === undefined ? undefined : byId.get(next);
  }
  const rest = executions.filter((one) => !chain.includes(one));
  return [...chain, ...rest];
}

function eventsIn({ events }: JsonObject): readonly JsonObject[] {
  return Array.isArray(events) ? events.filter(isJsonObject) : [];
}
