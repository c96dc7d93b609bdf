import type { Schedules } from '../../client/index.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { inert } from '../render/inert.ts';

const ARGS = { schedule: { says: 'runbook/name, as `schedule list` shows it' } } as const;

export const schedulePause = command({
  name: 'schedule pause',
  summary: 'Let a schedule start nothing until it is resumed. What it has started goes on.',
  args: ARGS,
  options: { reason: { flags: '--reason <text>', says: 'why; shown with the schedule' }, as: AS },
  examples: ['schedule pause dr-drill/quarterly --reason "year-end closing" --as NAME'],
  async run({ args: { schedule: id }, options: { reason = 'no reason given', as }, context }) {
    const { muster } = await musterAs(as, context);
    await muster.schedules.pause({ id, reason });
    answer(context, {
      value: { id, paused: true },
      text: () => `It starts nothing. Let it go on: ${context.program} schedule resume ${inert(id)}`,
    });
    return EXIT.ok;
  },
});

export const scheduleResume = changing('resume', {
  summary: 'Let a paused schedule go on. It starts nothing for the times that it was paused.',
  examples: ['schedule resume dr-drill/quarterly --as NAME'],
  done: { paused: false },
  text: (_id, { program }) => `It goes on. When it comes next: ${program} schedule next`,
});

export const scheduleTrigger = changing('trigger', {
  summary: 'Start what a schedule starts, now, if nothing speaks against it.',
  examples: ['schedule trigger dr-drill/quarterly --as NAME'],
  done: { triggered: true },
  text: (id, { program }) => `It is being started. See what became of it: ${program} schedule log ${id}`,
});

export const scheduleRemove = changing('remove', {
  summary: 'Remove a schedule; what it has started goes on. Applying its file puts it in force again.',
  examples: ['schedule remove dr-drill/quarterly --as NAME'],
  done: { removed: true },
  text: () => 'It is removed.',
});

function changing(
  what: 'resume' | 'trigger' | 'remove',
  {
    done,
    text,
    ...says
  }: {
    readonly summary: string;
    readonly examples: readonly string[];
    readonly done: Readonly<Record<string, boolean>>;
    readonly text: (id: string, context: CliContext) => string;
  },
) {
  return command({
    name: `schedule ${what}`,
    ...says,
    args: ARGS,
    options: { as: AS },
    async run({ args: { schedule: id }, options: { as }, context }) {
      const { muster } = await musterAs(as, context);
      const change: Schedules[typeof what] = (request) => muster.schedules[what](request);
      await change({ id });
      answer(context, { value: { id, ...done }, text: () => text(inert(id), context) });
      return EXIT.ok;
    },
  });
}
