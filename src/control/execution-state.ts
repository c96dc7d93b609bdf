import type { WorkflowExecutionInfo } from '@temporalio/client';
import { readAttributes } from './search-attributes.ts';

/**
 * Where a run stands, seen from outside: `running`, `waiting` (for people), the outcome it ended with, `terminated`
 * when somebody ended it behind our back, or `ended` when the server no longer knows how.
 */
export function stateOf({
  status,
  typedSearchAttributes,
}: Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes'>): string {
  const { outcome, waiting } = readAttributes(typedSearchAttributes);
  switch (status.name) {
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
      return waiting === undefined ? 'running' : 'waiting';
    case 'COMPLETED':
      return outcome ?? 'ended';
    case 'CANCELLED':
      return 'cancelled';
    case 'FAILED':
      return 'failed';
    case 'TERMINATED':
    case 'TIMED_OUT':
      return 'terminated';
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return 'ended';
  }
}
