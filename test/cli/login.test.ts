import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MusterError } from '../../src/client/index.ts';
import type { MusterOptions, SignInOptions, SignInPlace } from '../../src/cli/stack-door.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster, type Setting } from './run-muster.ts';
import { START } from './sample-run.ts';

const URL = 'https://muster.example';

/** Command lines that share a login file, and what the stack was asked by them. */
async function station() {
  const folder = await mkdtemp(join(tmpdir(), 'muster-login-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const loginFile = join(folder, 'muster', 'login.json');
  const signedIn: SignInOptions[] = [];
  const signedOut: [SignInPlace, string][] = [];
  const opened: (MusterOptions | string[])[] = [];
  const stack: Setting['stack'] = {
    signIn: async (options) => {
      signedIn.push(options);
      const { person } = options;
      return { credential: `mss_of-${person}`, expiresAt: START, person, name: 'Anna' };
    },
    signOut: async (place, credential) => void signedOut.push([place, credential]),
    openMuster: async (options) => {
      opened.push(options);
      return fakeMuster();
    },
    openRemote: async (url, credential) => {
      opened.push([url, credential]);
      return fakeMuster();
    },
  };
  const run = (args: readonly string[], setting: Setting = {}) =>
    runMuster(args, { loginFile, cwd: folder, ...setting, stack: { ...stack, ...setting.stack } });
  return { folder, loginFile, run, signedIn, signedOut, opened };
}

test('who signs in at a server acts there from then on', async () => {
  const { run, signedIn, opened } = await station();
  const { code, stdout } = await run(['login', URL], { typed: 'anna\ncorrect horse\n123 456\n' });
  await run(['runs']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `Signed in at ${URL} as anna (Anna), until 2025-01-31 03:00:00Z at the latest.\n`,
  });
  expect({ signedIn, opened }).toEqual({
    signedIn: [{ url: URL, person: 'anna', password: 'correct horse', code: '123456' }],
    opened: [[URL, 'mss_of-anna']],
  });
});

test('a login is kept for its owner only, without the password', async () => {
  const { run, loginFile } = await station();
  await run(['login', URL, '--person', 'anna'], { typed: 'correct horse' });
  expect((await stat(loginFile)).mode & 0o777).toBe(0o600);
  expect(await readFile(loginFile, 'utf8')).not.toContain('correct horse');
});

test('a session on the stack of a folder is used for that folder', async () => {
  const { run, opened } = await station();
  await run(['--data', 'a', 'login', '--person', 'anna'], { typed: 'correct horse' });
  await run(['--data', 'a', 'runs']);
  await run(['--data', 'b', 'runs']);
  expect(opened).toEqual([{ dataDir: 'a', credential: 'mss_of-anna' }, { dataDir: 'b' }]);
});

test('a script gives the password by a file, and is asked nothing', async () => {
  const { run, folder, signedIn } = await station();
  await writeFile(join(folder, 'secret'), 'correct horse\n');
  const args = ['login', '--person', 'anna', '--password-file', 'secret', '--passcode', '654321'];
  expect((await run([...args, '--json'])).stdout).toBe(
    `${JSON.stringify({ person: 'anna', name: 'Anna', expiresAt: START })}\n`,
  );
  expect(signedIn).toEqual([{ person: 'anna', password: 'correct horse', code: '654321' }]);
});

test('a token is tried before it is kept', async () => {
  const { run, folder, loginFile } = await station();
  await writeFile(join(folder, 'token'), 'mst_bad\n');
  const refused = Object.assign(new Error('You are not signed in.'), { code: 'identity.notSignedIn' });
  const whoami = () => Promise.reject(refused);
  const openRemote = async () => fakeMuster({ whoami });
  const { code, stderr } = await run(['login', URL, '--token-file', 'token'], { stack: { openRemote } });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error You are not signed in. (identity.notSignedIn)\n',
  });
  await expect(stat(loginFile)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a token that works stands for a login', async () => {
  const { run, folder, opened } = await station();
  await writeFile(join(folder, 'token'), 'mst_good\n');
  expect((await run(['login', URL, '--token-file', 'token'])).code).toBe(0);
  await run(['runs']);
  expect(opened.at(-1)).toEqual([URL, 'mst_good']);
});

test('break-glass needs a reason, and says what it is', async () => {
  const { run, signedIn } = await station();
  const args = ['login', '--break-glass', '--person', 'glass'];
  const without = await run(args, { typed: 'correct horse' });
  const loud = await run([...args, '--reason', 'site A burns'], { typed: 'correct horse' });
  expect([without.code, loud.code, signedIn]).toEqual([
    2,
    0,
    [{ person: 'glass', password: 'correct horse', reason: 'site A burns' }],
  ]);
  expect(loud.stdout).toContain('everything done with it is a deviation');
});

test.each([
  ['a name without a password', 'anna\n'],
  ['nothing', ''],
])('%s signs nobody in', async (_what, typed) => {
  const { run, signedIn } = await station();
  expect([(await run(['login'], { typed })).code, signedIn]).toEqual([2, []]);
});

test.each([
  'http://muster.example',
  'muster.example',
  'ftp://muster.example',
  'https://anna:x@muster.example',
])('no password is asked for %s', async (url) => {
  const { run, signedIn } = await station();
  const { code } = await run(['login', url], { typed: 'anna\ncorrect horse\n' });
  expect([code, signedIn]).toEqual([2, []]);
});

test('who is signed in at a server is told before a login on this machine', async () => {
  const { run, signedIn } = await station();
  await run(['login', URL, '--person', 'anna'], { typed: 'correct horse' });
  const { code, stderr } = await run(['login', '--person', 'boris'], { typed: 'correct horse' });
  expect(code).toBe(2);
  expect(stderr).toContain(`You are signed in at ${URL}`);
  expect(signedIn).toHaveLength(1);
});

test('a token of the environment is said to come first', async () => {
  const { run, opened } = await station();
  const { stdout } = await run(['login', URL, '--person', 'anna'], {
    typed: 'correct horse',
    token: 'mst_environment',
  });
  await run(['runs'], { token: 'mst_environment' });
  expect(stdout).toContain('MUSTER_TOKEN is set, and comes before this login.');
  expect(opened).toEqual([[URL, 'mst_environment']]);
});

test('a logout ends the session and forgets it', async () => {
  const { run, signedOut, opened } = await station();
  await run(['login', URL, '--person', 'anna'], { typed: 'correct horse' });
  expect((await run(['logout'])).stdout).toBe(`Signed out of ${URL}.\n`);
  await run(['runs']);
  expect({ signedOut, opened }).toEqual({ signedOut: [[{ url: URL }, 'mss_of-anna']], opened: [{}] });
});

test('a logout from a server that is away still forgets the login here', async () => {
  const { run } = await station();
  await run(['login', URL, '--person', 'anna'], { typed: 'correct horse' });
  const signOut = () => Promise.reject(new MusterError('server.unreachable'));
  const { code, stdout } = await run(['logout'], { stack: { signOut } });
  expect(code).toBe(0);
  expect(stdout).toContain('cannot be reached: the session there ends by itself');
  expect((await run(['logout'])).stdout).toBe('You are not signed in.\n');
});
