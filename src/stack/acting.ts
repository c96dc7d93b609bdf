import { IdentityError } from '../identity/index.ts';
import { NOBODY, type Actor } from '../model/actor.ts';
import type { Data } from './data.ts';

/** How somebody says who they are, in this process. */
export interface Acting {
  /** Where the configuration trusts that. */
  readonly as?: string;
  /** A session or a token. */
  readonly credential?: string;
}

/**
 * Who acts: whoever has signed in; on a stack that trusts this machine also whoever is named, or nobody in particular, who
 * only looks.
 *
 * @throws IdentityError `identity.notSignedIn`, `identity.notTrusted`, `identity.unknownPerson`
 */
export async function actorFor(
  { config, identity }: Pick<Data, 'config' | 'identity'>,
  { as, credential }: Acting,
): Promise<Actor> {
  const { trustLocal } = config.signIn;
  // Who is named where names are trusted means to act as them, whoever else is signed in.
  if (as !== undefined && (trustLocal || credential === undefined)) return identity.asserted(as);
  if (credential !== undefined) return identity.actorOf(credential);
  if (trustLocal) return NOBODY;
  throw new IdentityError('identity.notSignedIn', 'You are not signed in. Sign in: muster login.');
}
