import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';

/** The option of every command that acts in somebody's name. */
export const AS = { flags: '--as <person>', says: 'who acts; default: $MUSTER_PERSON' } as const;

/**
 * Who acts.
 *
 * @throws CliError `cli.personMissing`
 */
export function actingPerson(as: string | undefined, { person }: Pick<CliContext, 'person'>): string {
  const acting = as ?? person;
  if (acting !== undefined && acting !== '') return acting;
  throw new CliError('cli.personMissing', 'Nobody is named who does this.', {
    hint: 'Add --as PERSON, or set MUSTER_PERSON. People are listed in muster.yaml.',
  });
}
