import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { withPrompt } from '../prompt.ts';

export const password = command({
  name: 'password',
  summary: 'Make the hash of a password, as it stands in muster.yaml.',
  details: 'Asks twice, without showing it; without a terminal the first line of stdin is taken.',
  args: {},
  options: {},
  examples: ['password'],
  async run({ context }) {
    const typed = await withPrompt(context, async (prompt) => {
      const once = await prompt.askSecretly('Password: ');
      const again = prompt.isTerminal ? await prompt.askSecretly('Again: ') : once;
      if (once === again) return once;
      throw new CliError('cli.usage', 'The two are not the same.', { hint: 'Try again.' });
    });
    const hash = await context.stack.hashPassword(typed);
    answer(context, { value: { scrypt: hash }, text: () => `password: { scrypt: '${hash}' }` });
    return EXIT.ok;
  },
});
