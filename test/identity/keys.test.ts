import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openKeys } from '../../src/identity/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-keys-'));
afterAll(() => rm(folder, { recursive: true }));

it('makes a key on first use, and finds it again', async () => {
  const keys = join(folder, 'first');
  const made = await openKeys({ folder: keys });
  expect(made.id).toMatch(/^[0-9a-f]{16}$/);
  expect((await openKeys({ folder: keys })).id).toBe(made.id);
});

it('closes file and folder to everybody else', async () => {
  const keys = join(folder, 'closed');
  await openKeys({ folder: keys });
  const modes = [keys, join(keys, 'vote-key.pem')].map(async (path) => (await stat(path)).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
});

it('makes one key when many start at once', async () => {
  const keys = join(folder, 'race');
  const made = await Promise.all(Array.from({ length: 20 }, () => openKeys({ folder: keys })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await readdir(keys)).toEqual(['vote-key.pem']);
});

it('never replaces a file that holds no key', async () => {
  await writeFile(join(folder, 'vote-key.pem'), 'not a key');
  await expect(openKeys({ folder })).rejects.toMatchObject({ code: 'identity.keysCorrupt' });
  expect((await stat(join(folder, 'vote-key.pem'))).size).toBe('not a key'.length);
});

it('says so when the folder cannot be used', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(openKeys({ folder: join(folder, 'file', 'keys') })).rejects.toMatchObject({
    code: 'identity.keysUnavailable',
  });
});
