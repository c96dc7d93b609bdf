import { command } from '../command.ts';
import { stackContext } from '../stack-context.ts';

export const start = command({
  name: 'start',
  summary: 'Start Temporal, a worker and the simulated servers, and keep them up until Ctrl-C.',
  args: {},
  options: {},
  examples: ['start', '--config dr.yaml start'],
  run: ({ context }) => context.stack.runStart(stackContext(context)),
});
