import { chooseOne } from '../choose-one.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { actingPerson, AS } from '../person.ts';

export const vote = command({
  name: 'vote',
  summary: 'Answer an approval with yes or no, and wait until the answer is counted.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the step that asks' } },
  options: {
    approve: { flags: '--approve', says: 'yes' },
    reject: { flags: '--reject', says: 'no; needs a comment, and ends the run' },
    comment: { flags: '--comment <text>', says: 'why; kept with the run' },
    as: AS,
  },
  examples: [
    'vote production-failover-20250131-k7m2qz go --approve --as NAME',
    'vote production-failover-20250131-k7m2qz go --reject --comment "site A is back" --as NAME',
  ],
  async run({ args, options, context }) {
    const decision = chooseOne([
      { flag: '--approve', choice: options.approve ? ('approve' as const) : undefined },
      { flag: '--reject', choice: options.reject ? ('reject' as const) : undefined },
    ]);
    const person = actingPerson(options.as, context);
    const { comment } = options;
    const muster = await context.muster();
    const verdict = await muster.vote({
      runId: args.run,
      gate: args.gate,
      decision,
      person,
      ...(comment !== undefined && { comment }),
    });
    answer(context, { value: verdict, text: () => `Counted: ${person} says ${decision} at ${args.gate}.` });
    return EXIT.ok;
  },
});
