import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inboxLines } from '../render/inbox.ts';
import { inertValue } from '../render/inert.ts';

export const inbox = command({
  name: 'inbox',
  summary: 'List the gates of all runs that wait for people, yours first.',
  args: {},
  options: { as: AS },
  examples: ['inbox --as NAME', 'inbox --json'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const gates = await muster.inbox();
    const sorted = [...gates.filter(({ isMine }) => isMine), ...gates.filter(({ isMine }) => !isMine)];
    answer(context, { value: sorted, text: () => inboxLines(inertValue(sorted), context).join('\n') });
    return EXIT.ok;
  },
});
