import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { actingPerson, AS } from '../person.ts';

export const pause = command({
  name: 'pause',
  summary: 'Stop a run before a step that has not begun; what is under way goes on.',
  details: 'Without a step it stops before whatever would begin next.',
  args: {
    run: { says: 'id of a run' },
    step: { says: 'path of a step', optional: true },
  },
  options: { reason: { flags: '--reason <text>', says: 'why; kept with the run' }, as: AS },
  examples: [
    'pause erp-failover-20250131-k7m2qz failover --reason "waiting for the network team" --as NAME',
    'pause erp-failover-20250131-k7m2qz --as NAME',
  ],
  async run({ args, options, context }) {
    const person = actingPerson(options.as, context);
    const { reason } = options;
    const muster = await context.muster();
    await muster.pause({
      runId: args.run,
      person,
      ...(args.step !== undefined && { step: args.step }),
      ...(reason !== undefined && { reason }),
    });
    answer(context, {
      value: { runId: args.run, paused: true },
      text: () =>
        `The run stops before ${args.step ?? 'its next step'}. Let it go on: ${context.program} resume ${args.run}`,
    });
    return EXIT.ok;
  },
});
