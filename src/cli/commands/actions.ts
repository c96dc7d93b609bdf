import { CATALOG, isActionName } from '../../catalog/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { actionFacts, actionLines, actionList } from '../render/actions.ts';
import { didYouMean } from '../../model/suggest.ts';

export const actions = command({
  name: 'actions',
  summary: 'List what a step can use, or show one action with its inputs and outputs.',
  args: { name: { says: 'name of an action', optional: true } },
  options: {},
  examples: ['actions', 'actions vro.failover'],
  async run({ args: { name }, context }) {
    const names = Object.keys(CATALOG).filter(isActionName);
    if (name === undefined) {
      answer(context, { value: names.map(actionFacts), text: () => actionList(names).join('\n') });
      return EXIT.ok;
    }
    if (!isActionName(name)) {
      throw new CliError('cli.actionUnknown', `There is no action ${name}.`, {
        hint: didYouMean(name, names) ?? `List them: ${context.program} actions`,
      });
    }
    answer(context, { value: actionFacts(name), text: () => actionLines(name).join('\n') });
    return EXIT.ok;
  },
});
