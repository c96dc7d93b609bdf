import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { actingPerson, AS } from '../person.ts';

export const resume = command({
  name: 'resume',
  summary: 'Let a paused run go on.',
  details: 'Without a step it goes on wherever it is paused.',
  args: {
    run: { says: 'id of a run' },
    step: { says: 'path of a step', optional: true },
  },
  options: { reason: { flags: '--reason <text>', says: 'why; kept with the run' }, as: AS },
  examples: ['resume erp-failover-20250131-k7m2qz --as NAME'],
  async run({ args, options, context }) {
    const person = actingPerson(options.as, context);
    const { reason } = options;
    const muster = await context.muster();
    await muster.resume({
      runId: args.run,
      person,
      ...(args.step !== undefined && { step: args.step }),
      ...(reason !== undefined && { reason }),
    });
    answer(context, {
      value: { runId: args.run, resumed: true },
      text: () => `The run goes on. Watch it: ${context.program} watch ${args.run}`,
    });
    return EXIT.ok;
  },
});
