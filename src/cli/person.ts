import type { Muster } from '../client/index.ts';
import { isNobody } from '../model/actor.ts';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';

/** The option of every command that acts in somebody's name. */
export const AS = {
  flags: '--as <person>',
  says: 'who acts, where the stack trusts that; default: $MUSTER_PERSON. Elsewhere: muster login',
} as const;

/** The option of every answer that may be given in somebody else's place. */
export const FOR = {
  flags: '--for <person>',
  says: 'in whose place, where they have delegated to you; counts as theirs',
} as const;

/**
 * The operations, for somebody: who has signed in, or who is named where the stack trusts that.
 *
 * @throws CliError `cli.personMissing`; IdentityError
 */
export async function musterAs(
  as: string | undefined,
  context: Pick<CliContext, 'muster' | 'person'>,
): Promise<{ readonly muster: Muster; readonly person: string }> {
  const muster = await context.muster(as);
  const actor = await muster.whoami();
  if (isNobody(actor)) throw personMissing();
  return { muster, person: actor.person };
}

/**
 * Throws an error on; where it says that somebody may not, and nobody was named, it says that instead.
 *
 * @throws CliError `cli.personMissing`, or the error
 */
export async function explainRefusal(error: unknown, muster: Pick<Muster, 'whoami'>): Promise<never> {
  const isNotAllowed = error instanceof Error && 'code' in error && error.code === 'identity.notAllowed';
  if (isNotAllowed && isNobody(await muster.whoami())) throw personMissing();
  throw error;
}

function personMissing(): CliError {
  return new CliError('cli.personMissing', 'Nobody is named who does this.', {
    hint: 'Add --as PERSON, or set MUSTER_PERSON. People are listed in muster.yaml.',
  });
}
