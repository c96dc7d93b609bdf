import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer, print } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { followRun } from '../watch/follow.ts';

export const rerun = command({
  name: 'rerun',
  summary: 'Start a new run that goes on where an ended one broke off.',
  details:
    'What ended well before the step is taken over; the step and everything after it is done anew, by the same compiled ' +
    'runbook and with the same inputs. Approvals of what is still to be done are asked for again.',
  args: { run: { says: 'id of a run that is over' } },
  options: {
    from: { flags: '--from <step>', says: 'path of the first step that is done anew; required' },
    watch: { flags: '--watch', says: 'show the run until it is over' },
    wait: { flags: '--wait', says: 'with --watch: stay while the run waits for people' },
    as: AS,
  },
  examples: ['rerun dr-drill-20250131-k7m2qz --from checks/web --as NAME'],
  async run({ args, options, context }) {
    const { from, watch, wait } = options;
    if (from === undefined) {
      throw new CliError('cli.usage', 'Say where it goes on: --from STEP.', {
        hint: `npx muster show ${args.run} lists the steps.`,
      });
    }
    const { muster } = await musterAs(options.as, context);
    const started = await muster.rerun({ runId: args.run, from });
    if (watch) {
      if (!context.json) print(context, `Started ${started.runId}.`);
      return followRun(muster, started.runId, { context, wait, jsonLines: false });
    }
    answer(context, {
      value: started,
      text: () =>
        `Started ${started.runId}, from ${from} on.\nWatch it: ${context.program} watch ${started.runId}`,
    });
    return EXIT.ok;
  },
});
