import { command } from '../command.ts';
import { followRun } from '../watch/follow.ts';

export const watch = command({
  name: 'watch',
  summary: 'Show a run until it is over; Ctrl-C ends the watching, not the run.',
  details: 'With --json, a line of JSON for each change.',
  args: { run: { says: 'id of a run' } },
  options: {
    wait: { flags: '--wait', says: 'stay while the run waits for people, also without a terminal' },
  },
  examples: ['watch dr-drill-20250131-k7m2qz', 'watch dr-drill-20250131-k7m2qz --json --wait'],
  async run({ args, options, context }) {
    return followRun(await context.muster(), args.run, { context, wait: options.wait, jsonLines: true });
  },
});
