import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer, print } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { withPrompt } from '../prompt.ts';
import { inertValue } from '../render/inert.ts';
import { isChange, scheduleChangeLines } from '../render/schedules.ts';
import { readRunbook } from '../runbook-file.ts';

export const scheduleApply = command({
  name: 'schedule apply',
  summary: 'Put the schedules of a runbook in force, as its file says now.',
  details:
    'Shows what would change and asks; --yes answers for you. Schedules of this runbook that are not in the file any more ' +
    'are removed. Applying starts nothing, and the runbook is run as it is now until it is applied again.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    yes: { flags: '--yes', says: 'do not ask' },
    dryRun: { flags: '--dry-run', says: 'only show what would change' },
    as: AS,
  },
  examples: ['schedule apply dr-drill --as NAME', 'schedule apply runbooks/dr-drill.yaml --yes --as NAME'],
  async run({ args, options: { yes, dryRun, as }, context }) {
    const source = await readRunbook(args.runbook, context);
    const { muster } = await musterAs(as, context);
    const planned = await muster.schedules.plan(source);
    const isNeeded = planned.some(isChange);
    if (dryRun || !isNeeded) {
      answer(context, {
        value: { applied: false, changes: planned },
        text: () => scheduleChangeLines(inertValue(planned)).join('\n'),
      });
      return EXIT.ok;
    }
    if (!yes) {
      if (!context.json) print(context, scheduleChangeLines(inertValue(planned)).join('\n'));
      if (!(await isConfirmed(context))) {
        answer(context, {
          value: { applied: false, changes: planned },
          text: () => 'Nothing was changed.',
        });
        return EXIT.ok;
      }
    }
    const changes = await muster.schedules.apply(source);
    answer(context, {
      value: { applied: true, changes },
      text: () => [...(yes ? scheduleChangeLines(inertValue(changes)) : []), 'It is in force.'].join('\n'),
    });
    return EXIT.ok;
  },
});

/** @throws CliError `cli.usage` where nobody can be asked */
async function isConfirmed(context: CliContext): Promise<boolean> {
  return withPrompt(context, async (prompt) => {
    if (!prompt.isTerminal || context.json) {
      throw new CliError('cli.usage', 'Nobody can be asked here; nothing was changed.', {
        hint: 'Look at the changes with --dry-run, then add --yes.',
      });
    }
    return /^y(?:es)?$/i.test((await prompt.ask('Put this in force? [y/N] ')).trim());
  });
}
