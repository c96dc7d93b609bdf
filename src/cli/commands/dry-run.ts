import { MODES } from '../../model/runbook.ts';
import { command } from '../command.ts';
import { exitCodeOfDryRun } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { dryRunLines } from '../render/dry-run.ts';
import { inertValue } from '../render/inert.ts';
import { INPUT, PURPOSE, usualPurpose } from '../run-options.ts';
import { readRunbook } from '../runbook-file.ts';

export const dryRun = command({
  name: 'dry-run',
  summary: 'Look what a run would do now: reads are done, nothing is changed.',
  details:
    'Needs the servers, but neither Temporal nor a worker. Goes through the steps in order: reads are done for real, of ' +
    'commands the target is looked at (legal now, nothing to do, or why not), of approvals it is told who could answer ' +
    'now. What depends on steps that a dry run does not do is said to. Where Temporal and a worker are there, earlier ' +
    'runs of the runbook tell how long it usually takes. It ends with 1 when something would not work as things stand, ' +
    'and with 4 when a server cannot be reached.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    input: INPUT,
    mode: { flags: '--mode <mode>', says: 'as which run', choices: MODES, default: 'drill' },
    purpose: PURPOSE,
    as: AS,
  },
  examples: [
    'dry-run dr-drill -i plan=ERP-CANARY --as NAME',
    'dry-run production-failover -i plan=ERP -i url=https://erp.dr.example/health --mode live',
  ],
  async run({ args, options, context }) {
    const { mode, purpose = usualPurpose(mode), as } = options;
    const { stack, signal, stderr } = context;
    const starter = as ?? context.person;
    const report = await stack.runDryRun({
      ...context.options,
      source: await readRunbook(args.runbook, context),
      inputs: await readInputs(options.input, context),
      mode,
      purpose,
      ...(starter === undefined ? {} : { person: starter }),
      signal,
      onStep: (path) => {
        if (context.isLive) stderr.write(`\r\u001b[K${inertValue(path)}`);
      },
    });
    if (context.isLive) stderr.write('\r\u001b[K');
    answer(context, { value: report, text: () => dryRunLines(inertValue(report)).join('\n') });
    return exitCodeOfDryRun(report);
  },
});
