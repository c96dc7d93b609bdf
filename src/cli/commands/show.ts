import { isOver } from '../../client/index.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { finalLines } from '../render/final.ts';
import { inertValue } from '../render/inert.ts';
import { picture } from '../render/tree.ts';

export const show = command({
  name: 'show',
  summary: 'Show a run as it stands: steps, failures, and how to answer what waits.',
  args: { run: { says: 'id of a run' } },
  options: {},
  examples: ['show dr-drill-20250131-k7m2qz'],
  async run({ args, context }) {
    const muster = await context.muster();
    const view = await muster.show(args.run);
    answer(context, {
      value: view,
      text: () => {
        const safe = inertValue(view);
        const lines = isOver(safe)
          ? finalLines(safe)
          : picture(safe, { program: context.program, now: context.now() });
        return lines.join('\n');
      },
    });
    return EXIT.ok;
  },
});
