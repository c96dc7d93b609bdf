import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SECRET_MARK } from '../../src/simulator/index.ts';
import { markedSecret } from '../../src/simulator/secret-mark.ts';
import { newTables, startPostgres, statement } from '../support/postgres.ts';
import { awkwardCanary, canaryKey, canaryTotp } from '../support/canary-secret.ts';
import { filesWithSecrets, MARKS, writtenForms } from '../support/secret-search.ts';

const secret = markedSecret(16, 'base64url');

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-search-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'log'), text);
  return folder;
}

describe('a secret of a simulated server', () => {
  it('begins with the mark', () => {
    expect(secret.startsWith(SECRET_MARK)).toBe(true);
  });

  it.each([
    ['as it is', `said ${secret} to`],
    ['in lower case', secret.toLowerCase()],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in base64', Buffer.from(`{"a":"${secret}"}`).toString('base64')],
    ['in base64, a byte later', Buffer.from(`{"ab":"${secret}"}`).toString('base64')],
    ['in base64, two bytes later', Buffer.from(`{"abc":"${secret}"}`).toString('base64')],
    ['in a URL', `?${new URLSearchParams({ secret }).toString()}`],
    ['across the border of what is read at once', `${' '.repeat(4 * 1_024 * 1_024 - 5)}${secret}`],
  ])('is found in a file %s', async (_, text) => {
    const folder = await fileWith(text);
    expect(await filesWithSecrets([folder])).toEqual([join(folder, 'log')]);
  });

  it.each([
    ['a URL', encodeURIComponent],
    ['a form', (text: string) => new URLSearchParams({ text }).toString()],
    ['JSON', (text: string) => JSON.stringify({ text })],
    ['a page', (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    [
      'the hex of a form',
      (text: string) => Buffer.from(new URLSearchParams({ text }).toString()).toString('hex'),
    ],
    ['the base64 of JSON', (text: string) => Buffer.from(JSON.stringify({ text })).toString('base64')],
  ])('with signs is found in %s', async (_, write) => {
    const awkward = awkwardCanary();
    const folder = await fileWith(write(awkward));
    expect(await filesWithSecrets([folder], writtenForms(awkward))).toHaveLength(1);
  });

  it.each([canaryTotp(), canaryKey(), Buffer.from(canaryKey(), 'base64').toString('hex')])(
    'that a test configures has the mark in it (%#)',
    (text) => {
      expect(MARKS.some((mark) => text.includes(mark))).toBe(true);
    },
  );

  it('is found in no file that has none', async () => {
    expect(await filesWithSecrets([await fileWith('nothing')])).toEqual([]);
  });

  it.each([
    ['a text', 'text', `'${secret}'`],
    ['bytes', 'bytea', `'${secret}'::bytea`],
    ['JSON', 'jsonb', `'{"a":["${secret}"]}'`],
  ])('is found in a table, in %s', async (_, type, value) => {
    // On a server of its own: the suite's is searched at the end, and its log and journal remember.
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const tables = await newTables(server.url);
    await statement(tables.url, `CREATE TABLE kept (value ${type})`);
    await statement(tables.url, `INSERT INTO kept VALUES (${value})`);
    await expect(tables.drop()).rejects.toThrow('a secret is in the table kept');
  });
});
