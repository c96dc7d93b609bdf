/** The workflows of muster, as a worker registers them. */
export { launch } from './launch-workflow.ts';
export { runbook } from './runbook-workflow.ts';
