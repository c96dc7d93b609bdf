import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openFileStores } from '../../src/store/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-contents-'));
afterAll(() => rm(folder, { recursive: true }));
const { contents } = await openFileStores({ folder });
const pathOf = (digest: string): string => join(folder, 'contents', digest.slice(0, 2), digest);

it('names a text by its digest and reads it back', async () => {
  const text = '\ufeff{"title":"Größe 語"}\r\n';
  const digest = await contents.put(text);
  expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
  expect(await contents.get(digest)).toBe(text);
});

it('keeps one copy of a text that is kept many times at once', async () => {
  const digests = await Promise.all(Array.from({ length: 20 }, () => contents.put('same')));
  expect(new Set(digests).size).toBe(1);
  expect(await readdir(join(folder, '.drafts'))).toEqual([]);
});

it.each(['0'.repeat(64), '../../../etc/passwd', '', 'ABC'])('finds nothing under %j', async (digest) => {
  await expect(contents.get(digest)).rejects.toMatchObject({ code: 'store.notFound' });
});

it('notices that a text was changed, and mends it when it is kept again', async () => {
  const digest = await contents.put('runbook');
  await writeFile(pathOf(digest), 'another runbook');
  await expect(contents.get(digest)).rejects.toMatchObject({ code: 'store.corrupt', path: pathOf(digest) });
  await contents.put('runbook');
  expect(await contents.get(digest)).toBe('runbook');
});

it('says so when the disk refuses', async () => {
  const text = 'cannot be kept';
  const shelf = createHash('sha256').update(text).digest('hex').slice(0, 2);
  await rm(join(folder, 'contents', shelf), { recursive: true, force: true });
  await writeFile(join(folder, 'contents', shelf), '');
  await expect(contents.put(text)).rejects.toMatchObject({ code: 'store.unavailable' });
});
