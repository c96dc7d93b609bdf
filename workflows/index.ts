/** The workflows of muster, as a worker registers them. */
export { runbook } from './runbook-workflow.ts';
