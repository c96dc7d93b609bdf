import { createHash, randomBytes } from 'node:crypto';
import type { SignedInAnswer } from '../client/index.ts';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { listenForCode, type Loopback } from './loopback.ts';

/** Time enough to find a phone for the identity provider. */
const WAIT_MS = 5 * 60_000;

type World = Pick<CliContext, 'stack' | 'stderr' | 'signal' | 'sleep'>;

/**
 * Signs in at a server with a browser on this machine: the person says yes on a page there, and the browser brings a code to
 * this command, which redeems it (RFC 8252 with PKCE). The code is worth nothing to whoever sees it on the way.
 *
 * @throws CliError `cli.loginRefused`, `cli.loginTimedOut`, `cli.interrupted`; what the server refused
 */
export async function signInByBrowser(url: string, world: World): Promise<SignedInAnswer> {
  const [verifier, state] = [secretText(), secretText()];
  const loopback = await listenForCode(state);
  try {
    const asked = new URL('/sign-in/cli', url);
    asked.search = new URLSearchParams({
      port: String(loopback.port),
      state,
      challenge: createHash('sha256').update(verifier).digest('base64url'),
    }).toString();
    world.stderr.write(
      `Open this address in a browser on this computer:\n\n  ${asked.href}\n\n` +
        'Waiting until you say yes there, for 5 minutes at most. Ctrl-C ends the waiting.\n',
    );
    const code = await codeInTime(loopback, world);
    return await world.stack.redeem(url, { code, verifier });
  } finally {
    loopback.close();
  }
}

async function codeInTime({ code }: Loopback, { signal, sleep }: World): Promise<string> {
  const done = new AbortController();
  const limit = sleep(WAIT_MS, AbortSignal.any([signal, done.signal])).then(() => undefined);
  try {
    const came = await Promise.race([code, limit]);
    if (came !== undefined) return came;
  } finally {
    done.abort();
  }
  if (signal.aborted) throw new CliError('cli.interrupted', 'Interrupted; nobody is signed in.');
  throw new CliError('cli.loginTimedOut', 'Nobody has said yes in a browser within 5 minutes.', {
    hint: 'Run the same command again. The browser has to be on this computer; elsewhere use an API token (--token-file).',
  });
}

function secretText(): string {
  return randomBytes(32).toString('base64url');
}
