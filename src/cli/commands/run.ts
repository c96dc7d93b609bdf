import { MODES } from '../../model/runbook.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';
import { answer, print } from '../output.ts';
import { AS, explainRefusal } from '../person.ts';
import { modeText } from '../render/header.ts';
import { INPUT, PURPOSE, usualPurpose } from '../run-options.ts';
import { readRunbook } from '../runbook-file.ts';
import { pastTimeOf } from '../time-option.ts';
import { followRun } from '../watch/follow.ts';

export const run = command({
  name: 'run',
  summary: 'Start a run of a runbook: a drill unless you say otherwise.',
  details:
    'Without --watch it returns as soon as the run has started. With --watch, and when the output is no terminal, it ' +
    'ends with exit code 3 when the run waits for people, unless --wait is given.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    input: INPUT,
    mode: {
      flags: '--mode <mode>',
      says: 'practise, or do the real thing',
      choices: MODES,
      default: 'drill',
    },
    purpose: PURPOSE,
    declared: {
      flags: '--declared <time>',
      says: 'when the loss was: 25m (ago), or a time with its zone; recovery times count from it',
    },
    watch: { flags: '--watch', says: 'show the run until it is over' },
    wait: { flags: '--wait', says: 'with --watch: stay while the run waits for people' },
    as: AS,
  },
  examples: [
    'run dr-drill -i plan=ERP-CANARY --watch --as NAME',
    'run production-failover -i plan=ERP --mode live --purpose incident --declared 25m --as NAME',
  ],
  async run({ args, options, context }) {
    const { mode, purpose = usualPurpose(mode), declared, watch, wait } = options;
    const declaredAt = declared === undefined ? undefined : pastTimeOf('--declared', declared, context.now());
    const inputs = await readInputs(options.input, context);
    const source = await readRunbook(args.runbook, context);
    const muster = await context.muster(options.as);
    // What is wrong with the runbook or its inputs is told first, also where nobody can say yet who asks.
    const started = await muster
      .start({ ...source, mode, purpose, inputs, ...(declaredAt !== undefined && { declaredAt }) })
      .catch((error: unknown) => explainRefusal(error, muster));
    if (watch) {
      if (!context.json) print(context, `Started ${started.runId}.`);
      return followRun(muster, started.runId, { context, wait, jsonLines: false });
    }
    answer(context, {
      value: started,
      text: () =>
        `Started ${started.runId} (${modeText(mode)}).\nWatch it: ${context.program} watch ${started.runId}`,
    });
    return EXIT.ok;
  },
});
