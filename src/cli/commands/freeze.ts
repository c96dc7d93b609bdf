import { MODES } from '../../model/runbook.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { freezeLines, frozenLines, unfrozenLines } from '../render/freezes.ts';
import { inertValue } from '../render/inert.ts';
import { said, timeOf } from '../time-option.ts';

export const freeze = command({
  name: 'freeze',
  summary: 'Stop everything: nothing starts, and open runs stop before their next step.',
  details:
    'When it returns, no step begins any more. What is being watched goes on being watched; what could not be stopped is ' +
    'listed. With --from and --until it is a planned change freeze. Runs go on after `muster unfreeze`.',
  args: {},
  options: {
    reason: { flags: '--reason <text>', says: 'why; everybody who is held back reads it' },
    runbook: { flags: '--runbook <pattern>', says: "only runs of these runbooks, e.g. 'erp-*'" },
    connection: { flags: '--connection <name>', says: 'only steps on this connection' },
    mode: { flags: '--mode <mode>', says: 'only runs of this mode', choices: MODES },
    from: {
      flags: '--from <time>',
      says: 'when it begins: 2h from now, or a time with its zone; default: now',
    },
    until: { flags: '--until <time>', says: 'when it ends by itself; default: when somebody ends it' },
    as: AS,
  },
  examples: [
    'freeze --reason "wrong plan is being failed over" --as NAME',
    'freeze --runbook \'erp-*\' --mode live --until 2h --reason "network change CHG4711" --as NAME',
    'freeze --from 2026-12-23T18:00+01:00 --until 2027-01-02T06:00+01:00 --reason "end of year" --as NAME',
  ],
  async run({ options, context }) {
    const { runbook, connection, mode } = options;
    const reason = said('--reason', options.reason, 'Say why; everybody who is held back reads it.');
    const now = context.now();
    const from = options.from === undefined ? undefined : timeOf('--from', options.from, now);
    const until = options.until === undefined ? undefined : timeOf('--until', options.until, now);
    if (until !== undefined && until <= Math.max(now, from ?? now)) {
      throw new CliError('cli.usage', 'The freeze would end before it begins.', {
        hint: 'Both --from and --until count from now on when they are durations.',
      });
    }
    const { muster } = await musterAs(options.as, context);
    const frozen = await muster.freeze({
      reason,
      scope: {
        ...(runbook !== undefined && { runbooks: runbook }),
        ...(connection !== undefined && { connection }),
        ...(mode !== undefined && { mode }),
      },
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    });
    answer(context, { value: frozen, text: () => frozenLines(inertValue(frozen), context).join('\n') });
    return EXIT.ok;
  },
});

export const freezes = command({
  name: 'freezes',
  summary: 'List what is frozen now, or will be.',
  args: {},
  options: { as: AS },
  examples: ['freezes'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const list = await muster.freezes();
    answer(context, { value: list, text: () => freezeLines(inertValue(list), context.now()).join('\n') });
    return EXIT.ok;
  },
});

export const unfreeze = command({
  name: 'unfreeze',
  summary: 'End a freeze, or all that are in force; runs go on.',
  args: {
    id: { says: 'id of a freeze, also of a planned one; without it: all that are in force', optional: true },
  },
  options: { as: AS },
  examples: ['unfreeze --as NAME', 'unfreeze fz-1a2b3c4d --as NAME'],
  async run({ args: { id }, options, context }) {
    const { muster } = await musterAs(options.as, context);
    const lifted = await muster.unfreeze(id === undefined ? {} : { id });
    answer(context, { value: lifted, text: () => unfrozenLines(inertValue(lifted)).join('\n') });
    return EXIT.ok;
  },
});
