import { resolve } from 'node:path';
import type { SignInOptions, StackOptions } from '../cli/stack-door.ts';
import type { SignedInAnswer } from '../client/index.ts';
import type { Identity } from '../identity/index.ts';
import { openData } from './data.ts';
import { DATA_DIR } from './open-muster.ts';
import { simulatorUrlsOf } from './simulator-urls.ts';
import { readStackFile } from './stack-file.ts';

/** Where failed tries in this process are counted: whoever can start it is on the machine of the stack. */
const SOURCE = 'this machine';

/**
 * Begins a session on the stack of this machine.
 *
 * @throws IdentityError `identity.wrongCredentials`, `identity.throttled`, `identity.busy`, `identity.badRequest`
 */
export async function signInHere({
  person,
  password,
  code,
  reason,
  ...place
}: Omit<SignInOptions, 'url'>): Promise<SignedInAnswer> {
  const login = { person, password, source: SOURCE, ...(code !== undefined && { code }) };
  return withIdentity(place, async (identity) => {
    const { actor, credential, expiresAt } =
      reason === undefined ? await identity.signIn(login) : await identity.breakGlass({ ...login, reason });
    return { credential, expiresAt, person: actor.person, name: actor.name };
  });
}

/** Ends a session on the stack of this machine; one that is over is fine. */
export async function signOutHere(place: StackOptions, credential: string): Promise<void> {
  await withIdentity(place, (identity) => identity.signOut(credential));
}

async function withIdentity<T>(
  { configFile, dataDir = DATA_DIR }: StackOptions,
  work: (identity: Identity) => Promise<T>,
): Promise<T> {
  const folder = resolve(dataDir);
  const stack = await readStackFile({ folder });
  const { identity, stores } = await openData({
    dataDir: folder,
    simulatorUrls: simulatorUrlsOf(stack),
    ...(configFile === undefined ? {} : { configFile }),
  });
  try {
    return await work(identity);
  } finally {
    await stores.close();
  }
}
