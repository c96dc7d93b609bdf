import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addVersion, newestVersion } from '../../src/ledger/witness-folder.ts';

const root = await mkdtemp(join(tmpdir(), 'muster-versions-'));
afterAll(() => rm(root, { recursive: true }));

it('has no version in the beginning', async () => {
  expect(await newestVersion(join(root, 'none'))).toBeUndefined();
});

it('keeps the newest version only', async () => {
  const folder = join(root, 'newest');
  for (const number of [1, 2, 3]) await addVersion(folder, { number, content: `text ${number}` });
  expect(await newestVersion(folder)).toEqual({ number: 3, content: 'text 3' });
  expect(await readdir(folder)).toEqual(['3']);
});

it('counts in numbers, not in letters', async () => {
  const folder = join(root, 'numbers');
  for (const number of [9, 10]) await addVersion(folder, { number, content: `text ${number}` });
  expect(await newestVersion(folder)).toMatchObject({ number: 10 });
});

it('lets only one of many add the same version', async () => {
  const folder = join(root, 'same');
  const each = Array.from({ length: 20 }, (_, at) =>
    addVersion(folder, { number: 1, content: `text ${at}` }),
  );
  const added = await Promise.all(each);
  expect(added.filter(Boolean)).toHaveLength(1);
  expect((await newestVersion(folder))?.content).toBe(`text ${added.indexOf(true)}`);
});

it('takes back a version whose number was used and swept away', async () => {
  const folder = join(root, 'late');
  for (const number of [1, 2, 3]) await addVersion(folder, { number, content: `text ${number}` });
  expect(await addVersion(folder, { number: 2, content: 'late' })).toBe(false);
  expect(await readdir(folder)).toEqual(['3']);
});
