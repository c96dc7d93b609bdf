import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';

/** What the two commands say; in what they take they are alike. */
interface Says {
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly string[];
  /** What the answer says in JSON beside the id of the run. */
  readonly done: Readonly<Record<string, boolean>>;
  readonly text: (
    asked: { readonly run: string; readonly step: string | undefined },
    context: CliContext,
  ) => string;
}

export const pause = pausing('pause', {
  summary: 'Stop a run before a step that has not begun; what is under way goes on.',
  details: 'Without a step it stops before whatever would begin next.',
  examples: [
    'pause erp-failover-20250131-k7m2qz failover --reason "waiting for the network team" --as NAME',
    'pause erp-failover-20250131-k7m2qz --as NAME',
  ],
  done: { paused: true },
  text: ({ run, step = 'its next step' }, { program }) =>
    `The run stops before ${step}. Let it go on: ${program} resume ${run}`,
});

export const resume = pausing('resume', {
  summary: 'Let a paused run go on.',
  details: 'Without a step it goes on wherever it is paused.',
  examples: ['resume erp-failover-20250131-k7m2qz --as NAME'],
  done: { resumed: true },
  text: ({ run }, { program }) => `The run goes on. Watch it: ${program} watch ${run}`,
});

function pausing(name: 'pause' | 'resume', { done, text, ...says }: Says) {
  return command({
    name,
    ...says,
    args: { run: { says: 'id of a run' }, step: { says: 'path of a step', optional: true } },
    options: { reason: { flags: '--reason <text>', says: 'why; kept with the run' }, as: AS },
    async run({ args: { run, step }, options: { reason, as }, context }) {
      const { muster } = await musterAs(as, context);
      await muster[name]({
        runId: run,
        ...(step !== undefined && { step }),
        ...(reason !== undefined && { reason }),
      });
      answer(context, { value: { runId: run, ...done }, text: () => text({ run, step }, context) });
      return EXIT.ok;
    },
  });
}
