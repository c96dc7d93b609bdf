import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openDatabase, type Database } from '../../src/store/index.ts';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { eventually, tempFolder } from '../stack/helpers.ts';
import { failureOf, rowsAt, storesOver } from './support.ts';

const one = z.object({ pid: z.int() });
const PID = 'SELECT pg_backend_pid() AS pid';

async function open(options: { statementLimitMs?: number } = {}): Promise<Database> {
  const database = openDatabase({ url: await databaseUrlForTest(), ...options });
  onTestFinished(() => database.close());
  return database;
}

/** The server process of the connection that is used next. */
async function pidOf(database: Database): Promise<number> {
  const [row] = await database.rows(one, PID);
  return row?.pid ?? 0;
}

async function terminate(pid: number): Promise<void> {
  const url = inject('databaseUrl');
  await rowsAt(url, 'SELECT pg_terminate_backend($1, 10000)', [pid]);
}

describe('a server that is stopped and started again', () => {
  it('is unavailable meanwhile, by place and without the password, and used again at the next call', async () => {
    const folder = await tempFolder();
    const options = { folder, logFile: join(folder, 'log') };
    const first = await startPostgresServer(options);
    onTestFinished(() => first.stop());
    const { contents } = await storesOver(first.url);
    const digest = await contents.put('kept');
    await first.stop();
    const failed = await failureOf(contents.put('lost'));
    expect(failed).toMatchObject({
      code: 'store.unavailable',
      path: `127.0.0.1:${first.port}/muster`,
      message: expect.not.stringContaining(new URL(first.url).password) as string,
    });
    const second = await startPostgresServer({ ...options, preferredPort: first.port });
    onTestFinished(() => second.stop());
    expect([second.port, await contents.get(digest)]).toEqual([first.port, 'kept']);
  });
});

describe('a connection that is ended at the server', () => {
  it('while it idles is replaced', async () => {
    const database = await open();
    const pid = await pidOf(database);
    await terminate(pid);
    await eventually(async () => (await database.rows(one, PID).catch(() => [])).length === 1);
    expect(await pidOf(database)).not.toBe(pid);
  });

  it('in a transaction takes back all of it', async () => {
    const database = await open();
    const failed = await failureOf(
      database.transaction(async (queries) => {
        await queries.run("INSERT INTO freezes VALUES ('f', 'r', 'a', now(), NULL, NULL, NULL, now())");
        const [row] = await queries.rows(one, PID);
        await terminate(row?.pid ?? 0);
        await queries.run('SELECT 1');
      }),
    );
    expect(failed).toMatchObject({ code: 'store.unavailable' });
    expect(await database.run('SELECT FROM freezes')).toBe(0);
  });

  it('between two statements of a transaction does not end the process', async () => {
    const database = await open();
    const failed = await failureOf(
      database.transaction(async (queries) => {
        const [row] = await queries.rows(one, PID);
        await terminate(row?.pid ?? 0);
      }),
    );
    expect(failed).toMatchObject({ code: 'store.unavailable' });
  });
});

describe('a statement that hangs', () => {
  it('is ended by its limit, and the connection is used again', async () => {
    const database = await open({ statementLimitMs: 300 });
    await database.run('SELECT 1');
    const began = performance.now();
    await expect(database.run('SELECT pg_sleep(60)')).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await database.run('SELECT 1')).toBe(1);
  });

  it('is given up when the server itself hangs', async () => {
    const { url } = await silentAfterLogin();
    const database = openDatabase({ url, statementLimitMs: 200 });
    onTestFinished(() => database.close());
    await expect(database.run('SELECT 1')).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('a transaction', () => {
  it('throws on what its work throws, as it is', async () => {
    const database = await open();
    const mine = new TypeError('mine');
    const failed = await failureOf(
      database.transaction(async (queries) => {
        await queries.run("INSERT INTO contents (digest, body) VALUES (repeat('a', 64), 'b')");
        throw mine;
      }),
    );
    expect(failed).toBe(mine);
    expect(await database.run('SELECT FROM contents')).toBe(0);
  });

  it('does not say that it was kept when a statement in it had failed', async () => {
    const database = await open();
    const failed = await failureOf(
      database.transaction(async (queries) => {
        await queries.run("INSERT INTO contents (digest, body) VALUES (repeat('a', 64), 'b')");
        await queries.run('SELECT nonsense').catch(() => undefined);
      }),
    );
    expect(failed).toMatchObject({ code: 'store.unavailable' });
    expect(await database.run('SELECT FROM contents')).toBe(0);
  });
});

describe('a URL', () => {
  it.each([
    'not a url',
    'mysql://muster:hunter2@localhost/db',
    'postgres://muster:1#hunter2@localhost/db',
    'postgres://muster:hunter2@local host/db',
  ])('that is none is refused without repeating it: %s', (url) => {
    const opening = (): unknown => openDatabase({ url });
    expect(opening).toThrow('DATABASE_URL');
    expect(opening).not.toThrow('hunter2');
  });

  it.each([
    ['a port where nobody listens', async () => 'postgres://muster:hunter2@127.0.0.1:1/muster'],
    ['a host that nobody knows', async () => 'postgres://muster:hunter2@muster.invalid/muster'],
    ['another password', async () => inject('databaseUrl').replace(/:[^:@]+@/, ':hunter2@')],
    ['another database', async () => inject('databaseUrl').replace(/\/muster$/, '/hunter3')],
    ['a server that says nothing', async () => (await silent()).url],
    ['a server that speaks something else', async () => (await babbling()).url],
  ])('that leads to %s is told within ten seconds, without the password', async (_, urlOf) => {
    const database = openDatabase({ url: await urlOf() });
    onTestFinished(() => database.close());
    const began = performance.now();
    const failed = await failureOf(database.run('SELECT 1'));
    expect(failed).toMatchObject({ code: 'store.unavailable' });
    expect(String(failed)).not.toContain('hunter2');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

/** A server on loopback that does this with every connection; its URL is one of PostgreSQL. */
async function serverThat(talk: (socket: Socket) => void): Promise<{ url: string }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://muster:hunter2@127.0.0.1:${port}/muster` };
}

const silent = () => serverThat(() => undefined);
const babbling = () => serverThat((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

/** Lets everybody in (AuthenticationOk, ReadyForQuery), and never answers a statement. */
const silentAfterLogin = () =>
  serverThat((socket) =>
    socket.once('data', () =>
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])),
    ),
  );
