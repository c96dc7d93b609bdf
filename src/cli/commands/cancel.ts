import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';

export const cancel = command({
  name: 'cancel',
  summary: 'Stop a run: no new step begins; cleanup and always still run.',
  args: { run: { says: 'id of a run' } },
  options: { reason: { flags: '--reason <text>', says: 'why; kept with the run' }, as: AS },
  examples: ['cancel dr-drill-20250131-k7m2qz --reason "wrong plan" --as NAME'],
  async run({ args, options, context }) {
    const { reason } = options;
    const { muster } = await musterAs(options.as, context);
    await muster.cancel({ runId: args.run, ...(reason !== undefined && { reason }) });
    answer(context, {
      value: { runId: args.run, cancelled: true },
      text: () => `The run stops. Watch its cleanup: ${context.program} watch ${args.run}`,
    });
    return EXIT.ok;
  },
});
