import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, readPublished, renderPublished } from '../../src/config/index.ts';

const DIGEST = 'a'.repeat(64);
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-published-'));

test('the configuration reads the lock that it names', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'muster.yaml'), 'published: my.lock\n');
  await writeFile(join(folder, 'my.lock'), renderPublished(new Map([['erp', DIGEST]])));
  const { published } = await loadConfig({ file: join(folder, 'muster.yaml') });
  expect([...(published ?? [])]).toEqual([['erp', DIGEST]]);
});

test('a lock that is not there publishes nothing', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'muster.yaml'), 'published: my.lock\n');
  const { published } = await loadConfig({ file: join(folder, 'muster.yaml') });
  expect(published?.size).toBe(0);
});

test('without a lock nothing is said of published runbooks', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, 'muster.yaml'), '');
  expect((await loadConfig({ file: join(folder, 'muster.yaml') })).published).toBeUndefined();
});

test.each(['erp: no digest', `erp: ${DIGEST}\nerp: ${DIGEST}`, `<<<<<<< HEAD\nerp: ${DIGEST}`])(
  'a broken lock is refused: %j',
  async (text) => {
    const file = join(await newFolder(), 'published.lock');
    await writeFile(file, text);
    await expect(readPublished(file)).rejects.toMatchObject({ code: 'config.invalid' });
  },
);
