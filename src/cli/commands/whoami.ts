import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { actorLines } from '../render/people.ts';

export const whoami = command({
  name: 'whoami',
  summary: 'Tell who your commands act as, with which roles.',
  args: {},
  options: { as: AS },
  examples: ['whoami', 'whoami --json'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const actor = await muster.whoami();
    answer(context, { value: actor, text: () => actorLines(inertValue(actor)).join('\n') });
    return EXIT.ok;
  },
});
