import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { HASH, PASSWORD } from '../identity/door.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { spawnMuster } from '../support/muster-process.ts';

const CONFIG = `
connections:
  dr-site: { kind: vro, url: simulator }
people:
  anna: { name: Anna Berg, roles: [operator], password: { scrypt: '${HASH}' } }
  carla: { name: Carla Nowak, roles: [dr-manager], password: { scrypt: '${HASH}' } }
  ada: { name: Ada Roth, roles: [admin], password: { scrypt: '${HASH}' } }
  nightly: { name: The drills, kind: service, roles: [operator] }
  glass: { name: Envelope, kind: break-glass, roles: [operator], password: { scrypt: '${HASH}' } }
`;

/** A place where people sign in, with the real command on a real database; each has a home of their own. */
async function site() {
  const folder = await mkdtemp(join(tmpdir(), 'muster-people-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'muster.yaml');
  const password = join(folder, 'password');
  const temporal = `temporal: { address: '${inject('temporalAddress')}', namespace: default }\n`;
  await writeFile(config, `${CONFIG}server: { port: 0 }\n${temporal}`);
  await writeFile(password, `${PASSWORD}\n`);
  const database = await databaseUrlForTest();
  const env = { DATABASE_URL: database, MUSTER_PERSON: '', MUSTER_TOKEN: '' };
  const place = ['--config', config, '--data', join(folder, 'data')];
  const spawn = (who: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawnMuster(args, { ...env, XDG_CONFIG_HOME: join(folder, who), ...more });
  const run = async (who: string, args: readonly string[], more?: Readonly<Record<string, string>>) => {
    const { ended, output } = spawn(who, args, more);
    return { code: await ended, output: output() };
  };
  return {
    /** On the stack of this machine. */
    here: (who: string, args: readonly string[], more?: Readonly<Record<string, string>>) =>
      run(who, [...place, ...args], more),
    /** Where that person has signed in. */
    run,
    serve: () => spawn('nobody', [...place, 'server']),
    login: (who: string, ...args: string[]) => [
      'login',
      ...args,
      '--person',
      who,
      '--password-file',
      password,
    ],
    tokenFile: join(folder, 'token'),
  };
}

test('nobody acts on a stack that trusts no names before they have signed in', async () => {
  const { here, login } = await site();
  const named = await here('anna', ['people', '--as', 'anna']);
  const unknown = await here('anna', ['people']);
  await here('anna', login('anna'));
  const proven = await here('anna', ['whoami']);
  expect([named.code, named.output, unknown.output]).toEqual([
    2,
    expect.stringContaining('identity.notTrusted'),
    expect.stringContaining('identity.notSignedIn'),
  ]);
  expect(proven.output).toContain('anna (Anna Berg)\n  came in: with a password');
});

test('a session ends with the logout, and with its owner', async () => {
  const { here, login } = await site();
  await here('carla', login('carla'));
  await here('ada', login('ada'));
  await here('ada', ['people', 'revoke', 'carla', '--reason', 'left']);
  const revoked = await here('carla', ['whoami']);
  await here('ada', ['logout']);
  const loggedOut = await here('ada', ['whoami']);
  expect([revoked.code, loggedOut.code]).toEqual([2, 2]);
  expect(revoked.output + loggedOut.output).toMatch(/notSignedIn[^]+notSignedIn/);
});

test('a token of a service does what it was made for, and nothing else', async () => {
  const { here, login } = await site();
  await here('ada', login('ada'));
  const args = ['token', 'create', '--service', 'nightly', '--name', 'drills', '--actions', 'people.read'];
  const { output } = await here('ada', [...args, '--json']);
  const { credential } = JSON.parse(output) as { credential: string };
  const asToken = { MUSTER_TOKEN: credential };
  const may = await here('nightly', ['people'], asToken);
  const mayNot = await here('nightly', ['delegate', '--list'], asToken);
  const stolen = await here('nightly', ['token', 'create', '--name', 'x', '--actions', 'run.list'], asToken);
  expect([may.code, mayNot.code, stolen.code]).toEqual([0, 0, 2]);
  expect(stolen.output).toContain('identity.notAllowed');
});

test('the same commands work through a server', async () => {
  const { serve, login, run } = await site();
  const server = serve();
  await server.said('End with Ctrl-C.');
  const url = /Serving (\S+) for/.exec(server.output())?.[1] ?? '';
  const wrong = await run('anna', [...login('nobody', url)]);
  const signedIn = await run('carla', login('carla', url));
  const made = await run('carla', ['delegate', 'anna', '--until', '8h', '--reason', 'on leave']);
  const listed = await run('carla', ['delegate', '--list', '--json']);
  const token = await run('carla', ['token', 'create', '--name', 'x', '--actions', 'run.list', '--json']);
  const refused = await run('carla', ['people', 'revoke', 'anna', '--reason', 'x']);
  server.child.kill('SIGINT');
  expect([wrong.code, signedIn.code, made.code, token.code, refused.code, await server.ended]).toEqual([
    2, 0, 0, 0, 2, 0,
  ]);
  expect(wrong.output).toContain('identity.wrongCredentials');
  expect(JSON.parse(listed.output)).toMatchObject([{ from: 'carla', to: 'anna', reason: 'on leave' }]);
  expect(refused.output).toContain('identity.notAllowed');
});

test('a break-glass login is in the record', async () => {
  const { here, login } = await site();
  const args = [...login('glass'), '--break-glass', '--reason', 'site A burns'];
  const { code, output } = await here('glass', args);
  const log = await here('glass', ['people', 'log', '--json']);
  expect([code, output]).toEqual([0, expect.stringContaining('is a deviation')]);
  expect(JSON.parse(log.output)).toContainEqual(
    expect.objectContaining({ kind: 'breakGlass', person: 'glass', detail: 'site A burns' }),
  );
});
