import type { SignedInAnswer } from '../../client/index.ts';
import { signInByBrowser } from '../browser-login.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { keepLogin, loginFor } from '../login-file.ts';
import { serverForBrowser, type Given } from '../login-way.ts';
import { answer } from '../output.ts';
import { withPrompt } from '../prompt.ts';
import { inert } from '../render/inert.ts';
import { shortTime } from '../render/times.ts';
import { secretIn } from '../secret-file.ts';
import { serverUrl } from '../server-url.ts';
import { said } from '../time-option.ts';
import type { SignInOptions, SignInPlace } from '../stack-door.ts';

export const login = command({
  name: 'login',
  summary: 'Sign in: at a server, or on the stack of this machine. The commands then act as you.',
  details:
    'Asks for name, password and passcode; without a terminal they are read from stdin, a line each. Who signs in through ' +
    'an identity provider does that with --browser: it prints an address to open on this computer, and waits for your yes ' +
    'there. Where the server knows no passwords that happens by itself. Scripts use an API token (--token-file, or ' +
    'MUSTER_TOKEN).',
  args: { server: { says: 'address of a muster server; without it: this machine', optional: true } },
  options: {
    browser: {
      flags: '--browser',
      says: 'sign in with a browser on this computer, also through an identity provider; needs a server',
    },
    person: { flags: '--person <name>', says: 'who; asked for when it is missing' },
    passwordFile: { flags: '--password-file <file>', says: 'the password is the first line of this file' },
    passcode: { flags: '--passcode <digits>', says: 'of the second factor; asked for when it is missing' },
    tokenFile: {
      flags: '--token-file <file>',
      says: 'an API token is the first line of this file, and stands for all the rest',
    },
    breakGlass: {
      flags: '--break-glass',
      says: 'open a break-glass account, for an hour; needs --reason, and everybody is told',
    },
    reason: { flags: '--reason <text>', says: 'with --break-glass: why' },
  },
  examples: [
    'login https://muster.example',
    'login https://muster.example --browser',
    'login --person anna --password-file /run/secrets/anna',
    'login https://muster.example --token-file ci-token',
    'login --break-glass --reason "the identity provider is down with site A"',
  ],
  async run({ args, options, context }) {
    const { breakGlass, reason, tokenFile } = options;
    const url = args.server === undefined ? undefined : serverUrl(args.server);
    await assertGoesThere(url, context);
    const place: SignInPlace = { ...context.options, ...(url !== undefined && { url }) };
    if (tokenFile !== undefined && !options.browser) {
      return keepToken(await secretIn(tokenFile, context), place, context);
    }
    const why = breakGlass
      ? said('--reason', reason, 'Say why the break-glass account is needed.')
      : undefined;
    const server = await serverForBrowser(url, options, context);
    const done =
      server === undefined
        ? await context.stack.signIn({
            ...place,
            ...(await asked(options, context)),
            ...(why !== undefined && { reason: why }),
          })
        : await signInByBrowser(server, context);
    await keep({ url, credential: done.credential }, context);
    answer(context, {
      value: {
        person: done.person,
        name: done.name,
        expiresAt: done.expiresAt,
        ...(url !== undefined && { url }),
      },
      text: () => [...doneLines(done, url), ...(breakGlass ? [LOUD] : []), ...overruled(context)].join('\n'),
    });
    return EXIT.ok;
  },
});

const LOUD = 'This is a break-glass account: everything done with it is a deviation, and marked.';

/** Who is signed in at a server does not mean this machine without saying so. @throws CliError `cli.usage` */
async function assertGoesThere(
  url: string | undefined,
  { options, loginFile, cwd }: CliContext,
): Promise<void> {
  const there = url === undefined ? (await loginFor(options, { loginFile, cwd }))?.url : undefined;
  if (there === undefined) return;
  throw new CliError('cli.usage', `You are signed in at ${there}, where your commands go.`, {
    hint: 'For this machine end that first (muster logout), or name the folder of its stack (muster --data FOLDER login).',
  });
}

async function asked(
  { person, passwordFile, passcode }: Given,
  context: CliContext,
): Promise<Pick<SignInOptions, 'person' | 'password' | 'code'>> {
  return withPrompt(context, async (prompt) => {
    const name = person ?? (await prompt.ask('Name: ')).trim();
    const password =
      passwordFile === undefined
        ? await prompt.askSecretly('Password: ')
        : await secretIn(passwordFile, context);
    if (name === '' || password === '') {
      throw new CliError('cli.usage', `The ${name === '' ? 'name' : 'password'} is missing.`, {
        hint: 'Type them when you are asked, or give --person and --password-file.',
      });
    }
    // A pipe that was not needed for the password may never end.
    const isAsked = passcode === undefined && (passwordFile === undefined || prompt.isTerminal);
    const code = isAsked ? await prompt.ask('Passcode, if you have one: ') : (passcode ?? '');
    const digits = code.replaceAll(' ', '');
    return { person: name, password, ...(digits !== '' && { code: digits }) };
  });
}

async function keepToken(credential: string, place: SignInPlace, context: CliContext) {
  const { url } = place;
  const { stack, options } = context;
  const muster = await (url === undefined
    ? stack.openMuster({ ...options, credential })
    : stack.openRemote(url, credential));
  try {
    // Only what works is kept.
    const { person, name } = await muster.whoami();
    await keep({ url, credential }, context);
    answer(context, {
      value: { person, name, ...(url !== undefined && { url }) },
      text: () => [`${actingLine({ person, name }, url)}, by token.`, ...overruled(context)].join('\n'),
    });
  } finally {
    await muster.close();
  }
  return EXIT.ok;
}

async function keep(
  { url, credential }: { readonly url: string | undefined; readonly credential: string },
  { options: { dataDir }, loginFile, cwd }: CliContext,
): Promise<void> {
  const where = { loginFile, cwd, ...(dataDir !== undefined && { dataDir }) };
  await keepLogin({ credential, ...(url !== undefined && { url }) }, where);
}

function doneLines(done: SignedInAnswer, url: string | undefined): string[] {
  return [`${actingLine(done, url)}, until ${shortTime(done.expiresAt)} at the latest.`];
}

function actingLine(who: Pick<SignedInAnswer, 'person' | 'name'>, url: string | undefined): string {
  return `Signed in ${url === undefined ? 'on this machine' : `at ${url}`} as ${inert(who.person)} (${inert(who.name)})`;
}

/** What comes before the login that was just made. */
function overruled({ token }: CliContext): string[] {
  return token === undefined ? [] : ['MUSTER_TOKEN is set, and comes before this login.'];
}
