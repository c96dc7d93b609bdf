import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';
import { answer as print } from '../output.ts';
import { AS, FOR, musterAs } from '../person.ts';

export const answer = command({
  name: 'answer',
  summary: 'Say how something came out that a run asks people to do.',
  details: '`muster show RUN` prints what is to be done, the possible answers, and what has to be filled in.',
  args: {
    run: { says: 'id of a run' },
    gate: { says: 'path of the step that asks' },
    answer: { says: 'one of its answers, such as done or failed' },
  },
  options: {
    input: { flags: '-i, --input <name=value>', says: 'what is filled in', many: true },
    comment: { flags: '--comment <text>', says: 'kept with the run' },
    for: FOR,
    as: AS,
  },
  examples: [
    'answer erp-failover-20250131-k7m2qz checks/count done -i orders=112 --as NAME',
    'answer erp-failover-20250131-k7m2qz checks/count failed --comment "no orders shown" --as NAME',
  ],
  async run({ args, options, context }) {
    const values = await readInputs(options.input, context);
    const { comment, for: inPlaceOf } = options;
    const { muster, person } = await musterAs(options.as, context);
    const verdict = await muster.vote({
      runId: args.run,
      gate: args.gate,
      decision: 'answer',
      answer: args.answer,
      values,
      ...(comment !== undefined && { comment }),
      ...(inPlaceOf !== undefined && { for: inPlaceOf }),
    });
    print(context, {
      value: verdict,
      text: () => `Counted: ${person} answers ${args.answer} at ${args.gate}.`,
    });
    return EXIT.ok;
  },
});
