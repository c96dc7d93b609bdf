import { command } from '../command.ts';
import { stackContext } from '../stack-context.ts';

export const worker = command({
  name: 'worker',
  summary: 'Work for the Temporal server that muster.yaml names, until Ctrl-C.',
  details:
    'For production, beside a Temporal cluster. Several workers on one machine share the data folder; `muster start` ' +
    'has a worker of its own.',
  args: {},
  options: {},
  examples: ['--config dr.yaml worker'],
  run: ({ context }) => context.stack.runWorker(stackContext(context)),
});
