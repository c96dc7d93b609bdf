import { chooseOne } from '../choose-one.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, FOR, musterAs } from '../person.ts';

export const vote = command({
  name: 'vote',
  summary: 'Answer an approval with yes or no, and wait until the answer is counted.',
  details: 'Your own answer can be taken back with --withdraw, at every gate that has not gone on yet.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the step that asks' } },
  options: {
    approve: { flags: '--approve', says: 'yes' },
    reject: { flags: '--reject', says: 'no; needs a comment, and ends the run' },
    withdraw: { flags: '--withdraw', says: 'take your answer back' },
    comment: { flags: '--comment <text>', says: 'why; kept with the run' },
    for: FOR,
    as: AS,
  },
  examples: [
    'vote production-failover-20250131-k7m2qz go --approve --as NAME',
    'vote production-failover-20250131-k7m2qz go --reject --comment "site A is back" --as NAME',
    'vote production-failover-20250131-k7m2qz go --withdraw --as NAME',
    'vote production-failover-20250131-k7m2qz go --approve --for carla --as NAME',
  ],
  async run({ args, options, context }) {
    const decision = chooseOne([
      { flag: '--approve', choice: options.approve ? ('approve' as const) : undefined },
      { flag: '--reject', choice: options.reject ? ('reject' as const) : undefined },
      { flag: '--withdraw', choice: options.withdraw ? ('withdraw' as const) : undefined },
    ]);
    const { comment, for: inPlaceOf } = options;
    const { muster, person } = await musterAs(options.as, context);
    const verdict = await muster.vote({
      runId: args.run,
      gate: args.gate,
      decision,
      ...(comment !== undefined && { comment }),
      ...(inPlaceOf !== undefined && { for: inPlaceOf }),
    });
    const place = inPlaceOf === undefined ? '' : ` for ${inPlaceOf}`;
    answer(context, {
      value: verdict,
      text: () => `Counted: ${person} says ${decision}${place} at ${args.gate}.`,
    });
    return EXIT.ok;
  },
});
