import { command } from '../command.ts';
import { stackContext } from '../stack-context.ts';

export const demo = command({
  name: 'demo',
  summary: 'Run a whole disaster-recovery drill on this machine, against simulated servers.',
  args: {},
  options: {},
  examples: ['demo'],
  run: ({ context }) => context.stack.runDemo(stackContext(context)),
});
