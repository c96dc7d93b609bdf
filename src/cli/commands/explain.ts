import { explainRunbook } from '../../language/index.ts';
import { MODES } from '../../model/runbook.ts';
import { command } from '../command.ts';
import { compileNamed, knownInputs } from '../compiled-runbook.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { explanationLines } from '../render/explain.ts';
import { inertValue } from '../render/inert.ts';

export const explain = command({
  name: 'explain',
  summary: 'Say in plain sentences what a runbook does, for whoever approves it.',
  details:
    'Needs no server. What is not known before a run stands in ‹ ›; give inputs to see their values. With --mode only ' +
    'what happens in such a run is told.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    mode: { flags: '--mode <mode>', says: 'of which run; default: both', choices: MODES },
    input: { flags: '-i, --input <name=value>', says: 'an input that is known already', many: true },
  },
  examples: ['explain production-failover', 'explain dr-drill --mode drill -i plan=ERP-CANARY'],
  async run({ args, options: { mode, input }, context }) {
    const named = await compileNamed(args.runbook, context);
    const inputs = await knownInputs(named, input, context);
    const explanation = explainRunbook(named.runbook, {
      mode,
      inputs,
      library: named.library,
      schedules: named.schedules,
    });
    answer(context, {
      value: { file: named.file, digest: named.digest, ...explanation },
      text: () => explanationLines(inertValue(explanation)).join('\n'),
    });
    return EXIT.ok;
  },
});
