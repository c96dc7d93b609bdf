import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { cardLines } from '../render/card.ts';
import { inertValue } from '../render/inert.ts';

export const card = command({
  name: 'card',
  summary: 'Show what somebody has to know before they answer a gate.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the step that asks' } },
  options: { as: AS },
  examples: ['card production-failover-20250131-k7m2qz go'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    const value = await muster.card({ runId: args.run, gate: args.gate });
    answer(context, { value, text: () => cardLines(inertValue(value), context).join('\n') });
    return EXIT.ok;
  },
});
