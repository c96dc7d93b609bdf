import type { TypedSearchAttributes } from '@temporalio/common';
import { RUNBOOK_WORKFLOW } from '../../workflows/messages.ts';
import { ATTRIBUTES, NONE } from '../../workflows/search-attributes.ts';

export { attributesOf } from '../../workflows/search-attributes.ts';

/** What the search attributes of an execution tell. A missing one is undefined, like one that says "none". */
export function readAttributes(attributes: TypedSearchAttributes): {
  readonly [name in keyof typeof ATTRIBUTES]: string | undefined;
} {
  const read = (name: keyof typeof ATTRIBUTES): string | undefined => {
    const value = attributes.get(ATTRIBUTES[name]);
    return value === NONE ? undefined : value;
  };
  return { runbook: read('runbook'), mode: read('mode'), outcome: read('outcome'), waiting: read('waiting') };
}

/** What Temporal is asked for: runs that go on. */
export const OPEN_RUNS = `WorkflowType = '${RUNBOOK_WORKFLOW}' AND ExecutionStatus = 'Running'`;

/** What Temporal is asked for: runs by their last execution, of one runbook that ended well when that is wanted. */
export function visibilityQuery(endedWell?: { readonly runbook: string; readonly mode: string }): string {
  const runs = `WorkflowType = '${RUNBOOK_WORKFLOW}'`;
  if (endedWell === undefined) return `${runs} AND ExecutionStatus != 'ContinuedAsNew'`;
  // Neither a name nor a mode can hold a quote.
  const { runbook, mode } = endedWell;
  return [
    runs,
    `ExecutionStatus = 'Completed'`,
    `${ATTRIBUTES.runbook.name} = '${runbook}'`,
    `${ATTRIBUTES.mode.name} = '${mode}'`,
    `${ATTRIBUTES.outcome.name} IN ('succeeded', 'warned')`,
  ].join(' AND ');
}
