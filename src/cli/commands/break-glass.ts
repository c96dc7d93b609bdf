import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { said } from '../time-option.ts';

export const breakGlass = command({
  name: 'break-glass',
  summary: 'Approve alone, when nobody else can be asked. Everybody is told, and the record says so in red.',
  details:
    'It fulfils all rules of the approval, also when you have started the run. The step ends with a warning. Only for ' +
    'runbooks that muster.yaml lists under emergency.breakGlass. Try `muster spoken` first.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the approval' } },
  options: {
    reason: { flags: '--reason <text>', says: 'why nobody else can be asked; everybody reads it' },
    as: AS,
  },
  examples: [
    'break-glass production-failover-20250131-k7m2qz go --reason "site A burns, no manager answers" --as NAME',
  ],
  async run({ args, options, context }) {
    const reason = said('--reason', options.reason, 'Say why nobody else can be asked; everybody reads it.');
    const { muster, person } = await musterAs(options.as, context);
    const verdict = await muster.breakGlass({ runId: args.run, gate: args.gate, reason });
    answer(context, {
      value: verdict,
      text: () =>
        `Counted, as a DEVIATION: ${person} approves ${args.gate} alone. Everybody is told, and it stays in the record.`,
    });
    return EXIT.ok;
  },
});
