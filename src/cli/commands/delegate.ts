import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { delegationLines, delegationText } from '../render/delegations.ts';
import { inertValue } from '../render/inert.ts';
import { said, timeOf } from '../time-option.ts';

export const delegate = command({
  name: 'delegate',
  summary: 'Let somebody answer gates in your place for a while, with no more than you may.',
  details:
    'Their answer (`muster vote … --for YOU`) counts as yours; both of you count once. It covers every gate that you may ' +
    'answer, for at most 30 days, and cannot be passed on.',
  args: { to: { says: 'who stands in', optional: true } },
  options: {
    until: { flags: '--until <time>', says: 'when it ends: 8h from now, or a time with its zone' },
    reason: { flags: '--reason <text>', says: 'why; kept' },
    list: { flags: '--list', says: 'who stands in for whom' },
    end: { flags: '--end <id>', says: 'end one at once' },
    as: AS,
  },
  examples: [
    'delegate boris --until 2026-03-14T08:00+01:00 --reason "on leave" --as NAME',
    'delegate --list --as NAME',
    'delegate --end dl-1a2b3c4d --as NAME',
  ],
  async run({ args: { to }, options: { until, reason, list, end, as }, context }) {
    const asked = [to !== undefined, list, end !== undefined].filter(Boolean).length;
    if (asked !== 1) {
      throw new CliError(
        'cli.usage',
        asked === 0 ? 'Who stands in is missing.' : 'These exclude each other.',
        {
          hint: 'Give exactly one of: a person, --list, --end ID.',
        },
      );
    }
    if (end !== undefined) return endOne(end, as, context);
    if (to === undefined) return listAll(as, context);
    const why = said('--reason', reason, 'Say why somebody stands in; it is kept.');
    const ends = timeOf(
      '--until',
      said('--until', until, 'Say when it ends, e.g. --until 8h.'),
      context.now(),
    );
    const { muster } = await musterAs(as, context);
    const made = await muster.delegate({ to, until: ends, reason: why });
    answer(context, {
      value: made,
      text: () => `${delegationText(inertValue(made))}\nEnd it: ${context.program} delegate --end ${made.id}`,
    });
    return EXIT.ok;
  },
});

async function listAll(as: string | undefined, context: CliContext): Promise<ExitCode> {
  const { muster } = await musterAs(as, context);
  const list = await muster.delegations();
  answer(context, { value: list, text: () => delegationLines(inertValue(list)).join('\n') });
  return EXIT.ok;
}

async function endOne(id: string, as: string | undefined, context: CliContext): Promise<ExitCode> {
  const { muster } = await musterAs(as, context);
  const ended = await muster.undelegate({ id });
  const { from, to } = inertValue(ended);
  answer(context, { value: ended, text: () => `Ended: ${to} no longer stands in for ${from}.` });
  return EXIT.ok;
}
