import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { refusalLines } from '../render/refusals.ts';

export const refusals = command({
  name: 'refusals',
  summary: 'Show the answers to gates of a run that did not count, each with its reason.',
  args: { run: { says: 'id of a run' } },
  options: { as: AS },
  examples: ['refusals production-failover-20250131-k7m2qz --as NAME'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    const kept = await muster.refusals(args.run);
    answer(context, { value: kept, text: () => refusalLines(inertValue(kept)).join('\n') });
    return EXIT.ok;
  },
});
