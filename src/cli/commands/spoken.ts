import { chooseOne } from '../choose-one.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { said } from '../time-option.ts';

export const spoken = command({
  name: 'spoken',
  summary: 'Enter what an approver has said on the phone; it counts when a second witness enters the same.',
  details:
    'The approver reads a code, from the message or from the card of the gate. The second witness has 15 minutes, hears it ' +
    'themselves, and is somebody else. Only for runbooks that muster.yaml lists under emergency.spoken.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the step that asks' } },
  options: {
    approver: { flags: '--approver <person>', says: 'who said it' },
    code: { flags: '--code <code>', says: 'the code that they read, XXXX-XXXX' },
    approve: { flags: '--approve', says: 'they said yes' },
    reject: { flags: '--reject', says: 'they said no; needs a comment, and ends the run' },
    comment: { flags: '--comment <text>', says: 'why, in their words; kept with the run' },
    as: AS,
  },
  examples: [
    'spoken production-failover-20250131-k7m2qz go --approver boris --code 7K2M-Q0ZX --approve --as NAME',
  ],
  async run({ args, options, context }) {
    const decision = chooseOne([
      { flag: '--approve', choice: options.approve ? ('approve' as const) : undefined },
      { flag: '--reject', choice: options.reject ? ('reject' as const) : undefined },
    ]);
    const approver = said('--approver', options.approver, 'Say whose answer it is.');
    const code = said('--code', options.code, 'Ask the approver to read it to you.');
    const { comment } = options;
    const { muster, person } = await musterAs(options.as, context);
    const result = await muster.spoken({
      runId: args.run,
      gate: args.gate,
      approver,
      code,
      decision,
      ...(comment !== undefined && { comment }),
    });
    answer(context, {
      value: result,
      text: () =>
        result.state === 'counted'
          ? `Counted: ${approver} says ${decision} at ${args.gate}, spoken, heard by ${result.heardBy.join(' and ')}.`
          : `Kept: ${person} heard ${approver} say ${decision} at ${args.gate}. It does not count yet. ` +
            `A second witness has to enter the same before ${new Date(result.until).toISOString()}.`,
    });
    return EXIT.ok;
  },
});
