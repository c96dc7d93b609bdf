import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';

/**
 * The SDK notes where each promise was made, for a query that no test asks. In a thread of workflows these are a workflow's;
 * in the thread of a test it would be every promise there is, a fifth of its time. To be called when a worker was made.
 */
export function noteNoPromises(): void {
  globalHandlers.uninstall();
}
