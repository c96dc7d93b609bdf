import { CliError } from './cli-error.ts';

/**
 * The one answer that was given, of several options that exclude each other.
 *
 * @throws CliError `cli.usage` when none or more than one was given
 */
export function chooseOne<Choice>(
  given: readonly { readonly flag: string; readonly choice: Choice | undefined }[],
): Choice {
  const chosen = given.filter(({ choice }) => choice !== undefined);
  const [only] = chosen;
  if (chosen.length === 1 && only?.choice !== undefined) return only.choice;
  const flags = given.map(({ flag }) => flag).join(', ');
  const both = chosen.map(({ flag }) => flag).join(' and ');
  throw new CliError(
    'cli.usage',
    chosen.length === 0 ? 'The answer is missing.' : `${both} exclude each other.`,
    {
      hint: `Give exactly one of ${flags}.`,
    },
  );
}
