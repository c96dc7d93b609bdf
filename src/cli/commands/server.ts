import { command } from '../command.ts';
import { stackContext } from '../stack-context.ts';

export const server = command({
  name: 'server',
  summary: 'Serve the API and the pages for the Temporal server that muster.yaml names, until Ctrl-C.',
  details:
    'For production, beside a Temporal cluster and a PostgreSQL (DATABASE_URL); runs need `muster worker` as well. Where ' +
    'it listens is under `server:` of muster.yaml. `muster start` has a server of its own.',
  args: {},
  options: {},
  examples: ['--config dr.yaml server'],
  run: ({ context }) => context.stack.runServer(stackContext(context)),
});
