import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { inertValue } from '../render/inert.ts';
import { runLines } from '../render/runs.ts';

const MAX_LIMIT = 1_000;

export const runs = command({
  name: 'runs',
  summary: 'List the newest runs, and where each waits.',
  args: {},
  options: { limit: { flags: '--limit <count>', says: 'how many at most', default: '20' } },
  examples: ['runs', 'runs --limit 100 --json'],
  async run({ options, context }) {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new CliError('cli.usage', `--limit is a number from 1 to ${MAX_LIMIT}.`);
    }
    const muster = await context.muster();
    const list = await muster.list({ limit });
    answer(context, { value: list, text: () => runLines(inertValue(list), context).join('\n') });
    return EXIT.ok;
  },
});
