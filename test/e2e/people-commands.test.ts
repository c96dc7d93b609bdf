import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { stackDoor } from '../../src/cli/stack-door.ts';
import { runMuster, type Setting } from '../cli/run-muster.ts';
import { HASH, PASSWORD } from '../identity/door.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { spawnMuster } from '../support/muster-process.ts';

const CONFIG = `
connections:
  dr-site: { kind: vro, url: simulator }
server: { port: 0 }
people:
  anna: { name: Anna Berg, roles: [operator], password: { scrypt: '${HASH}' } }
  carla: { name: Carla Nowak, roles: [dr-manager], password: { scrypt: '${HASH}' } }
  ada: { name: Ada Roth, roles: [admin], password: { scrypt: '${HASH}' } }
  nightly: { name: The drills, kind: service, roles: [operator] }
  glass: { name: Envelope, kind: break-glass, roles: [operator], password: { scrypt: '${HASH}' } }
`;

/** A place where people sign in: the commands on a real database, each person with a login file of their own. */
async function site() {
  const folder = await mkdtemp(join(tmpdir(), 'muster-people-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'muster.yaml');
  const temporal = `temporal: { address: '${inject('temporalAddress')}', namespace: default }\n`;
  await writeFile(config, CONFIG + temporal);
  const DATABASE_URL = await databaseUrlForTest();
  vi.stubEnv('DATABASE_URL', DATABASE_URL);
  onTestFinished(() => void vi.unstubAllEnvs());
  const place = ['--config', config, '--data', join(folder, 'data')];
  const run = (who: string, args: readonly string[], setting: Setting = {}) =>
    runMuster(args, {
      stack: stackDoor,
      cwd: folder,
      loginFile: join(folder, `${who}.json`),
      now: Date.now,
      ...setting,
    });
  return {
    /** On the stack of this machine. */
    here: (who: string, args: readonly string[], setting?: Setting) => run(who, [...place, ...args], setting),
    /** Where that person has signed in. */
    run,
    /** The server as a process of its own. */
    serve: () => spawnMuster([...place, 'server'], { DATABASE_URL }),
  };
}

const typed = (person: string) => ({ typed: `${person}\n${PASSWORD}\n` });

test('a name alone proves nothing where names are not trusted', async () => {
  const { here } = await site();
  const named = await here('anna', ['people', '--as', 'anna']);
  const unknown = await here('anna', ['people']);
  expect([named.code, named.stderr, unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('identity.notTrusted'),
    2,
    expect.stringContaining('identity.notSignedIn'),
  ]);
});

test('who has signed in acts until the logout', async () => {
  const { here } = await site();
  await here('anna', ['login'], typed('anna'));
  const proven = await here('anna', ['whoami']);
  await here('anna', ['logout']);
  const loggedOut = await here('anna', ['whoami']);
  expect(proven.stdout).toContain('anna (Anna Berg)\n  came in: with a password');
  expect(loggedOut.stderr).toContain('identity.notSignedIn');
});

test('a session ends with its owner', async () => {
  const { here } = await site();
  await here('carla', ['login'], typed('carla'));
  await here('ada', ['login'], typed('ada'));
  await here('ada', ['people', 'revoke', 'carla', '--reason', 'left']);
  expect((await here('carla', ['whoami'])).stderr).toContain('identity.notSignedIn');
  expect((await here('ada', ['people'])).stdout).toMatch(/carla +Carla Nowak +person +revoked by ada/);
});

test('a token of a service does what it was made for, and nothing else', async () => {
  const { here } = await site();
  await here('ada', ['login'], typed('ada'));
  const args = ['token', 'create', '--service', 'nightly', '--name', 'drills', '--actions', 'people.read'];
  const { stdout } = await here('ada', [...args, '--json']);
  const { credential: token } = JSON.parse(stdout) as { credential: string };
  const codes: number[] = [];
  for (const command of [
    ['people'],
    ['freezes'],
    ['token', 'create', '--name', 'x', '--actions', 'run.list'],
  ]) {
    codes.push((await here('nightly', command, { token })).code);
  }
  expect(codes).toEqual([0, 2, 2]);
});

test('a freeze, its list and its end need no Temporal', async () => {
  const { here } = await site();
  await here('anna', ['login'], typed('anna'));
  const frozen = await here('anna', ['freeze', '--reason', 'stop', '--json']);
  const { freeze } = JSON.parse(frozen.stdout) as { freeze: { id: string } };
  expect((await here('anna', ['freezes'])).stdout).toContain(`${freeze.id}  frozen  everything`);
  expect((await here('anna', ['unfreeze'])).stdout).toContain(`Ended (${freeze.id})`);
});

test('a break-glass login is in the record', async () => {
  const { here } = await site();
  const args = ['login', '--break-glass', '--reason', 'site A burns'];
  expect((await here('glass', args, typed('glass'))).code).toBe(0);
  const log = await here('glass', ['people', 'log', '--json']);
  expect(JSON.parse(log.stdout)).toContainEqual(
    expect.objectContaining({ kind: 'breakGlass', person: 'glass', detail: 'site A burns' }),
  );
});

test('the same commands work through a server', async () => {
  const { serve, run } = await site();
  const server = serve();
  await server.said('End with Ctrl-C.');
  const url = /Serving (\S+) for/.exec(server.output())?.[1] ?? '';
  const wrong = await run('carla', ['login', url], { typed: 'carla\nwrong\n' });
  const signedIn = await run('carla', ['login', url], typed('carla'));
  expect([wrong.stderr, signedIn.code]).toEqual([expect.stringContaining('identity.wrongCredentials'), 0]);
  const delegated = await run('carla', ['delegate', 'anna', '--until', '8h', '--reason', 'on leave']);
  const listed = await run('carla', ['delegate', '--list', '--json']);
  const token = await run('carla', ['token', 'create', '--name', 'x', '--actions', 'run.list']);
  const refused = await run('carla', ['people', 'revoke', 'anna', '--reason', 'x']);
  expect([delegated.code, token.code, refused.code]).toEqual([0, 0, 2]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ from: 'carla', to: 'anna', reason: 'on leave' }]);
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
});
