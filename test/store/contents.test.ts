import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openStores } from '../../src/store/index.ts';
import { databaseForTest } from '../support/database.ts';

async function newContents() {
  const database = await databaseForTest();
  const { contents } = await openStores({ database, folder: tmpdir() });
  return { database, contents };
}

it('names a text by its digest and reads it back', async () => {
  const { contents } = await newContents();
  const text = '\ufeff{"title":"Größe 語"}\r\n';
  const digest = await contents.put(text);
  expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
  expect(await contents.get(digest)).toBe(text);
});

it('keeps one copy of a text that is kept many times at once', async () => {
  const { contents, database } = await newContents();
  const digests = await Promise.all(Array.from({ length: 20 }, () => contents.put('same')));
  expect(new Set(digests).size).toBe(1);
  const rows = await database.rows(z.object({ digest: z.string() }), 'SELECT digest FROM contents');
  expect(rows).toHaveLength(1);
});

it.each(['0'.repeat(64), '../../../etc/passwd', '', 'ABC'])('finds nothing under %j', async (digest) => {
  const { contents } = await newContents();
  await expect(contents.get(digest)).rejects.toMatchObject({ code: 'store.notFound' });
});

it('notices that a text was changed, and mends it when it is kept again', async () => {
  const { contents, database } = await newContents();
  const digest = await contents.put('runbook');
  await database.run('UPDATE contents SET body = $1', ['another runbook']);
  await expect(contents.get(digest)).rejects.toMatchObject({ code: 'store.corrupt' });
  await contents.put('runbook');
  expect(await contents.get(digest)).toBe('runbook');
});
