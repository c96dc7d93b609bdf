import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';

/** What may be given instead of being asked. */
export interface Given {
  readonly person: string | undefined;
  readonly passwordFile: string | undefined;
  readonly passcode: string | undefined;
}

/**
 * The server that is signed in at with a browser: because that was said, or because it knows no other way. Undefined: with a
 * password.
 *
 * @throws CliError `cli.usage`
 */
export async function serverForBrowser(
  url: string | undefined,
  {
    browser,
    breakGlass,
    ...given
  }: Given & {
    readonly browser: boolean;
    readonly breakGlass: boolean;
    readonly tokenFile: string | undefined;
  },
  { stack }: CliContext,
): Promise<string | undefined> {
  const isTyped =
    breakGlass ||
    [given.person, given.passwordFile, given.passcode, given.tokenFile].some((each) => each !== undefined);
  if (!browser) {
    if (url === undefined || isTyped) return undefined;
    const { password, provider } = await stack.signInWays(url);
    return provider && !password ? url : undefined;
  }
  if (url === undefined || isTyped) {
    throw new CliError('cli.usage', '--browser needs the address of a server, and nothing else.', {
      hint: 'Such as: muster login https://muster.example --browser. `npm start` prints the address of the stack here.',
    });
  }
  return url;
}
