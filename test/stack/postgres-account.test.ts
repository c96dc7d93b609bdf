import { chmod, cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPostgres, type PostgresBinaries } from '../../src/stack/postgres/binaries.ts';
import { kindOfAccount } from '../../src/stack/postgres/account.ts';
import { tempFolder } from './helpers.ts';
import { query, removeShared, newServerForTest } from './postgres-support.ts';

const isRoot = process.getuid?.() === 0;

/** A folder that nobody but this account can enter, with the programs of PostgreSQL in it. */
async function closedFolder(): Promise<{ folder: string; binaries: PostgresBinaries }> {
  const closed = join(await tempFolder(), 'closed');
  await mkdir(closed, { mode: 0o700 });
  const { root, postgres, initdb } = await findPostgres();
  const copy = join(closed, 'programs');
  await cp(root, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o700);
  const moved = (path: string): string => join(copy, path.slice(root.length));
  return {
    folder: join(closed, 'postgres'),
    binaries: { root: copy, postgres: moved(postgres), initdb: moved(initdb) },
  };
}

/** What a server on this folder says of itself: it writes, and after a second start it has what it wrote. */
async function writtenAndRead(options: Parameters<typeof newServerForTest>[0]): Promise<unknown> {
  const first = await newServerForTest(options);
  await removeShared(first.url);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS number');
  await first.stop();
  const second = await newServerForTest({ ...options, folder: first.folder });
  return { account: second.account, rows: await query(second.url, 'SELECT number FROM kept') };
}

const works = (account: string) => ({ account, rows: [{ number: 7 }] });

describe.runIf(isRoot)('started as root', () => {
  it('PostgreSQL runs in a user namespace, its files stay in the folder', async () => {
    expect(await writtenAndRead({ account: 'namespace' })).toEqual(works('namespace'));
  });

  it('PostgreSQL runs as another account where there are no namespaces', async () => {
    expect(await writtenAndRead({ account: 'other' })).toEqual(works('other'));
  });

  it.each(['namespace', 'other'] as const)(
    'PostgreSQL runs also when folder and programs are closed to others: %s',
    async (account) => {
      expect(await writtenAndRead({ ...(await closedFolder()), account })).toEqual(works(account));
    },
  );

  it('the data of another account is open to that account alone', async () => {
    const { url } = await newServerForTest({ account: 'other' });
    await removeShared(url);
    const [where] = await query(url, 'SHOW data_directory');
    const data = await stat(String(where?.['data_directory']));
    const above = await stat(join(String(where?.['data_directory']), '..'));
    expect([data.mode & 0o777, data.uid === 0]).toEqual([0o700, false]);
    expect([above.mode & 0o777, above.uid]).toEqual([0o711, 0]);
  });
});

it('PostgreSQL runs as the account that started it, or as none with rights', async () => {
  const kind = await kindOfAccount();
  expect(isRoot ? ['namespace', 'other'] : ['self']).toContain(kind);
  const { account, url } = await newServerForTest();
  expect(account).toBe(kind);
  await removeShared(url);
});
