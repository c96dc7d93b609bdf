import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { PROJECT_ROOT } from '../stack/helpers.ts';

const run = promisify(execFile);

/** Runs a shell command where it may mount what only it sees. */
const unshared = (command: string) => run('unshare', ['--mount', 'sh', '-c', command], { cwd: PROJECT_ROOT });

const canMount = await unshared('mount -t tmpfs -o size=1m tmpfs /mnt').then(
  () => true,
  () => false,
);

it.runIf(canMount)(
  'a full disk keeps what was kept, refuses the rest, and goes on when there is room',
  async () => {
    const disk = await mkdtemp(join(tmpdir(), 'muster-disk-'));
    onTestFinished(() => rmdir(disk));
    const script = join(PROJECT_ROOT, 'test/store/fill-disk.ts');
    const { stdout } = await unshared(
      `mount -t tmpfs -o size=100m tmpfs ${disk} && exec ${process.execPath} --import tsx ${script} ${disk}`,
    );
    expect(JSON.parse(stdout)).toEqual({ codes: ['store.full'], lost: 0, after: 'after', rows: 1 });
  },
);

it('what PostgreSQL says of a full disk is told as such', async () => {
  const database = openDatabase({ url: await databaseUrlForTest() });
  onTestFinished(() => database.close());
  const full = "DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$";
  await expect(database.run(full)).rejects.toMatchObject({ code: 'store.full', path: database.place });
  expect(await database.run('SELECT 1')).toBe(1);
});
