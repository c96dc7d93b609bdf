import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { shortTime } from '../render/times.ts';

export const ledger = command({
  name: 'ledger',
  summary: 'Show how the ledger stands: its key, its size, its root, and its last checkpoint.',
  details:
    'Keep the root and the key somewhere else: with them, anybody finds out later whether the ledger was changed.',
  args: {},
  options: { as: AS },
  examples: ['ledger'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const status = await muster.ledger();
    answer(context, {
      value: status,
      text: () => {
        const { origin, key, size, root, checkpoint, witnesses } = inertValue(status);
        return [
          `Ledger      ${origin}`,
          `Key         ${key}`,
          `Entries     ${size}`,
          `Root        ${root}`,
          checkpoint === undefined
            ? 'Checkpoint  none yet'
            : `Checkpoint  of ${checkpoint.size} entries, signed ${shortTime(checkpoint.signedAt)}`,
          ...(witnesses.length === 0
            ? ['Witnesses   none: nobody else would notice that the whole ledger was replaced']
            : witnesses.map(({ place }) => `Witness     ${place}`)),
        ].join('\n');
      },
    });
    return EXIT.ok;
  },
});
