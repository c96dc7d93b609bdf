import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRunning } from '../../src/stack/process-identity.ts';
import { postgresUrlIn, startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';
import { chooseAccount } from '../../src/stack/postgres/account.ts';
import { findPostgres } from '../../src/stack/postgres/binaries.ts';
import { startProgram } from '../../src/stack/postgres/start-program.ts';
import { openDatabase } from '../../src/store/index.ts';
import { errorOf, eventually, tempFolder } from './helpers.ts';
import { commandLinesWith, newServerForTest, query, serverForTest, spawnScript } from './postgres-support.ts';

describe('the PostgreSQL of a folder', () => {
  it('is made at the first start and kept by the second', async () => {
    const said: string[] = [];
    const onProgress = (line: string): void => void said.push(line);
    const first = await newServerForTest({ onProgress });
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
    await first.stop();
    const second = await serverForTest({ folder: first.folder, onProgress });
    expect(await query(second.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
    expect(said).toEqual(['Making the database.']);
  });

  it('does not lose what it confirmed, and checks what it reads', async () => {
    const { url } = await serverForTest();
    const settings = `SELECT name, setting FROM pg_settings
      WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') ORDER BY name`;
    const on = ['data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit'];
    expect(await query(url, settings)).toEqual(on.map((name) => ({ name, setting: 'on' })));
  });

  it('can be found by other processes while it runs', async () => {
    const { url, folder, stop } = await serverForTest();
    const found = await postgresUrlIn(folder);
    await stop();
    expect([found, await postgresUrlIn(folder)]).toEqual([url, undefined]);
  });

  it('tells when it ends by itself, and not when it is stopped', async () => {
    const ended: string[] = [];
    const stopped = await serverForTest({ onExit: () => void ended.push('stopped') });
    await stopped.stop();
    const { pid } = await serverForTest({ onExit: () => void ended.push('killed') });
    process.kill(pid, 'SIGKILL');
    await eventually(() => ended.length > 0);
    expect(ended).toEqual(['killed']);
  });

  it('says so at once when its password is another one', async () => {
    const { folder, stop } = await serverForTest();
    await stop();
    await writeFile(join(folder, 'password'), 'another\n');
    const failed = await errorOf(serverForTest({ folder }));
    expect(failed).toMatchObject({ code: 'stack.postgresNotStarted' });
    expect(String(failed)).toContain('is not that of the data');
  });

  it('says what its log says when it does not start', async () => {
    const { folder, stop, url } = await serverForTest();
    const [where] = await query(url, 'SHOW data_directory');
    await stop();
    await writeFile(join(String(where?.['data_directory']), 'postgresql.conf'), 'nonsense = 1\n');
    expect(String(await errorOf(serverForTest({ folder })))).toContain('nonsense');
  });
});

describe('a password', () => {
  it('is in no log, no command line and no environment, and its files are their owner’s', async () => {
    const { url, folder, pid } = await serverForTest();
    const { password } = new URL(url);
    const wrong = new URL(url);
    wrong.pathname = '/nowhere';
    await query(wrong.href, 'SELECT 1').catch(() => undefined);
    await query(url, `SELECT '${password}' FROM nowhere`).catch(() => undefined);
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain(password);
    expect(await commandLinesWith(password)).toEqual([]);
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain(password);
    const files = (await readdir(folder)).filter((name) => name !== 'data');
    const modes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).mode & 0o777));
    expect([files.sort(), new Set(modes)]).toEqual([
      ['password', 'postgres.log', 'server.json'],
      new Set([0o600]),
    ]);
  });

  it('that was never written whole is made anew', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'password'), '');
    const { url } = await serverForTest({ folder });
    expect(new URL(url).password).toMatch(/^[0-9a-f]{48}$/);
  });
});

describe('a stack that is killed', () => {
  it('while the data is made leaves nothing that looks whole', async () => {
    const folder = await tempFolder();
    const killed = spawnScript('stack/fixtures/start-postgres.ts', [folder]);
    await eventually(async () => (await readdir(folder)).some((name) => name.startsWith('data.new')));
    await eventually(async () => (await commandLinesWith(join(folder, 'data.new'))).length > 0);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(await readdir(folder)).not.toContain('data');
    const { url } = await serverForTest({ folder });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await eventually(async () => (await commandLinesWith(join(folder, 'data.new'))).length === 0);
  });

  it('leaves a server that is ended and taken over', async () => {
    const folder = await tempFolder();
    const killed = spawnScript('stack/fixtures/start-postgres.ts', [folder]);
    const [said] = (await once(killed.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const wasLeft = await isRunning(pid);
    const { url } = await serverForTest({ folder });
    expect([wasLeft, await isRunning(pid)]).toEqual([true, false]);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('whose server’s id is another program’s by now is taken over', async () => {
    const { folder, stop, url } = await serverForTest();
    const [where] = await query(url, 'SHOW data_directory');
    const pidFile = join(String(where?.['data_directory']), 'postmaster.pid');
    const left = await readFile(pidFile, 'utf8');
    await stop();
    const stranger = spawn('sleep', ['600']);
    onTestFinished(() => void stranger.kill());
    await writeFile(pidFile, left.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
    const { url: again } = await serverForTest({ folder });
    expect(await query(again, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode).toBeNull();
  });

  it('leads nobody to the port that its server had', async () => {
    const { folder, pid } = await serverForTest();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => !(await isRunning(pid)));
    expect(await readdir(folder)).toContain('server.json');
    expect(await postgresUrlIn(folder)).toBeUndefined();
  });
});

it('a second server on the same data is refused by PostgreSQL itself', async () => {
  const { folder, url, account: kind } = await serverForTest();
  const account = await chooseAccount({ binaries: await findPostgres(), folder, only: kind });
  const logFile = join(folder, 'second.log');
  const log = await open(logFile, 'a', 0o600);
  const args = ['-D', join(account.dataFolder, 'data'), '-c', 'port=1', '-c', 'unix_socket_directories='];
  const second = startProgram(account, account.binaries.postgres, args, log.fd);
  const [code] = (await once(second, 'exit')) as [number];
  await log.close();
  expect([code, await readFile(logFile, 'utf8')]).toEqual([1, expect.stringContaining('already exists')]);
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('a server that is killed loses nothing that it had acknowledged', async () => {
  const { folder, stop } = await serverForTest();
  await stop();
  const told: { path: string; epochs: number[] }[] = [];
  for (let kill = 0; kill < 3; kill += 1) {
    const server = await serverForTest({ folder });
    const writer = spawnScript('store/begin-forever.ts', [folder], { DATABASE_URL: server.url });
    const epochs: number[] = [];
    told.push({ path: `failover${writer.pid}`, epochs });
    for await (const line of createInterface({ input: writer.stdout })) {
      epochs.push(Number(line));
      if (epochs.length === 30) process.kill(server.pid, 'SIGKILL');
    }
  }
  const { url } = await serverForTest({ folder });
  const rows = await query(url, 'SELECT path, epoch FROM intents');
  for (const { path, epochs } of told) {
    expect(epochs.length).toBeGreaterThanOrEqual(30);
    expect(new Set(epochs).size).toBe(epochs.length);
    const kept = rows.filter((row) => row['path'] === path).map(({ epoch }) => epoch);
    expect(kept).toEqual(expect.arrayContaining(epochs));
  }
});

it('a folder is made private, with all on the way', async () => {
  const folder = join(await tempFolder(), 'deep', 'postgres');
  await mkdir(join(folder, '..'), { recursive: true });
  await chmod(join(folder, '..'), 0o755);
  const server = await startPostgresServer({ folder, logFile: join(folder, 'log') });
  await server.stop();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('a client that stays connected does not hold the stop', async () => {
  const { url, stop, pid } = await serverForTest();
  const database = openDatabase({ url });
  await database.run('SELECT 1');
  await stop();
  expect(await isRunning(pid)).toBe(false);
  await database.close();
});
