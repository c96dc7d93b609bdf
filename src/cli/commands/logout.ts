import { MusterError } from '../../client/index.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { forgetLogin, loginFor, type Login } from '../login-file.ts';
import { answer } from '../output.ts';

export const logout = command({
  name: 'logout',
  summary: 'End your session, and forget it on this machine.',
  details: 'An API token is forgotten here and stays good; `muster token revoke` ends it.',
  args: {},
  options: {},
  examples: ['logout', '--data /srv/muster logout'],
  async run({ context: { token, ...context } }) {
    const login = await loginFor(context.options, context);
    if (login === undefined) {
      answer(context, { value: { signedOut: false }, text: () => 'You are not signed in.' });
      return EXIT.ok;
    }
    const isEnded = await ended(login, context);
    const { options, loginFile, cwd } = context;
    const { dataDir } = options;
    await forgetLogin(login, { loginFile, cwd, ...(dataDir !== undefined && { dataDir }) });
    const { url } = login;
    answer(context, {
      value: { signedOut: true, ended: isEnded, ...(url !== undefined && { url }) },
      text: () =>
        [
          `Signed out${url === undefined ? '' : ` of ${url}`}.`,
          ...(isEnded ? [] : [`${url ?? 'The server'} cannot be reached: the session there ends by itself.`]),
          ...(token === undefined ? [] : ['MUSTER_TOKEN is set, and goes on being used.']),
        ].join('\n'),
    });
    return EXIT.ok;
  },
});

/** Whether the session is over there, too. One that cannot be ended now is no reason to stay signed in here. */
async function ended(
  { url, credential }: Login,
  { stack, options }: Omit<CliContext, 'token'>,
): Promise<boolean> {
  try {
    await stack.signOut({ ...options, ...(url !== undefined && { url }) }, credential);
    return true;
  } catch (error) {
    const isAway = error instanceof MusterError && error.code === 'server.unreachable';
    if (!isAway && url === undefined) throw error;
    return false;
  }
}
