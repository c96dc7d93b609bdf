import { CliError } from './cli-error.ts';

const HINT =
  'Write it as in a browser: https://muster.example. Plain http:// is only for this machine itself.';

/**
 * The address of a muster server. Passwords travel to it, so it has TLS unless it is this machine.
 *
 * @throws CliError `cli.usage`
 */
export function serverUrl(text: string): string {
  if (!URL.canParse(text)) throw new CliError('cli.usage', `\`${text}\` is no address.`, { hint: HINT });
  const { protocol, hostname, origin, username, password } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isHere);
  if (!isSafe || username !== '' || password !== '') {
    throw new CliError('cli.usage', 'This is no address to sign in at.', { hint: HINT });
  }
  return origin;
}
