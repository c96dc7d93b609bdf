import { parseDuration } from '../../model/duration.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { shortTime } from '../render/times.ts';

export const ledgerRotate = command({
  name: 'ledger rotate',
  summary: 'Give the ledger another key. Who has the old one can check what the new one signs.',
  details:
    'Both keys sign that the new one follows, and that is entered. For a while checkpoints carry signatures of both, so that ' +
    'witnesses and auditors have time to take the new one. The new key lies in `keys/` of the data folder; where several ' +
    'machines serve one muster, copy it to each of them.',
  args: {},
  options: {
    as: AS,
    overlap: { flags: '--overlap <time>', says: 'for so long both keys sign', default: '30d' },
  },
  examples: ['ledger rotate', 'ledger rotate --overlap 90d'],
  async run({ options, context }) {
    const bothMs = parseDuration(options.overlap);
    if (bothMs === undefined) {
      throw new CliError('cli.usage', 'The time is none.', { hint: 'Write it like 30d or 12h.' });
    }
    const muster = await context.muster(options.as);
    const changed = await muster.rotateLedgerKey({ bothMs });
    answer(context, {
      value: changed,
      text: () =>
        [
          `New key     ${changed.newKey}`,
          `Old key     ${changed.oldKey}`,
          `Both sign until ${shortTime(changed.bothUntil)}.`,
          'Give the new key to witnesses and auditors, and back up the folder of keys.',
        ].join('\n'),
    });
    return EXIT.ok;
  },
});
