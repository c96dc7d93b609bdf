import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backUp, restore } from '../../src/store/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { tempFolder } from '../stack/helpers.ts';
import { everythingIn, rowsAt, storesOver } from './support.ts';

/** Text that breaks what is not careful. */
const HOSTILE = 'a\u2028b\u2029c\r\nd\te"f\\g{h,i}\'j NULL \ufeff語 \\N';

async function filled() {
  const url = await databaseUrlForTest();
  const stores = await storesOver(url);
  const { contents, intents, gates, people, refusals, runs, freezes } = stores;
  const begun = { runbook: 'r', digest: 'd', mode: 'live', purpose: 'planned', starter: HOSTILE } as const;
  await contents.put(HOSTILE);
  await contents.put('x'.repeat(300_000));
  await Promise.all(Array.from({ length: 250 }, (_, index) => contents.put(`output ${index}`)));
  const intent = await intents.begin({
    ...{ run: 'run', path: 'p', attempt: 1, action: 'vro.failover', connection: 'c', target: 't' },
    baseline: { nul: '\u0000', number: 1.5, text: HOSTILE },
    ...{ requestDigest: 'd', sendBefore: Date.UTC(2026, 2, 29, 1, 30) + 0.25 },
  });
  await intents.finish(intent, { how: 'done', at: 5 });
  await gates.open({
    ...{ nonce: 'n', run: 'run', runId: 'r', path: 'p', kind: 'manual', title: HOSTILE, digest: 'd' },
    ...{ asked: { 'ä b': [null, true, 1e21, -0.1] }, openedAt: 1 },
  });
  await refusals.add(
    'run',
    0,
    ['a', 'b', 'c'].map((id) => ({ id, at: 1, refusal: 'badSignature' })),
  );
  for (const person of ['a', 'b', 'c']) await people.note({ kind: 'signedIn', at: 1, person });
  await runs.begin({ ...begun, runId: 'r', startedAt: 1 });
  await freezes.set({ id: 'f', reason: HOSTILE, by: 'anna', at: 1, scope: {}, from: 1 });
  return { url, ...stores };
}

async function emptyDatabase() {
  const url = await databaseUrlForTest();
  return { url, ...(await storesOver(url)) };
}

async function backedUp() {
  const source = await filled();
  const folder = await tempFolder();
  const file = join(folder, 'muster.backup');
  const summary = await backUp(source.database, file);
  return { source, folder, file, summary };
}

let made: Promise<Buffer> | undefined;

/** The bytes of a backup, for whoever needs no more than that. */
function backupBytes(): Promise<Buffer> {
  made ??= backedUp().then(({ file }) => readFile(file));
  return made;
}

/** The same lines with others in their place, and a digest that fits. */
function forge(bytes: Buffer, change: (lines: string[]) => string[]): Buffer {
  const lines = change(gunzipSync(bytes).toString().split('\n').slice(0, -2));
  const rows = lines.flatMap((line) => (JSON.parse(line) as { rows?: unknown[] }).rows ?? []).length;
  const text = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return gzipSync(`${text}${JSON.stringify({ end: true, rows, sha256 })}\n`);
}

describe('a backup', () => {
  it('puts every row of every table into another database as it was', async () => {
    const { source, file, summary } = await backedUp();
    const target = await emptyDatabase();
    expect(await restore(target.database, file)).toEqual(summary);
    expect(await everythingIn(target.url)).toEqual(await everythingIn(source.url));
  });

  it('is a file of its owner, whole or not there', async () => {
    const { folder, file } = await backedUp();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['muster.backup']);
  });

  it('takes the place of an older one', async () => {
    const { source, file } = await backedUp();
    await source.contents.put('one more');
    await backUp(source.database, file);
    const target = await emptyDatabase();
    await restore(target.database, file);
    expect(await everythingIn(target.url)).toEqual(await everythingIn(source.url));
  });

  it('that cannot be written says so, and the connection is as good as before', async () => {
    const { database } = await emptyDatabase();
    const failed = backUp(database, join(await tempFolder(), 'none', 'muster.backup'));
    await expect(failed).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await database.run('SELECT 1')).toBe(1);
  });

  it('is of one moment while four processes write', async () => {
    const url = await databaseUrlForTest();
    const { database } = await storesOver(url);
    await database.run('SELECT 1');
    const script = fileURLToPath(new URL('./write-pairs.ts', import.meta.url));
    const writers = Array.from({ length: 4 }, (_, index) =>
      spawn(process.execPath, ['--import', 'tsx', script, String(index)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, DATABASE_URL: url },
      }),
    );
    onTestFinished(() => writers.forEach((writer) => writer.kill('SIGKILL')));
    await Promise.all(writers.map((writer) => once(writer.stdout, 'data')));
    const file = join(await tempFolder(), 'muster.backup');
    for (let round = 0; round < 3; round += 1) {
      await backUp(database, file);
      const target = await emptyDatabase();
      await restore(target.database, file);
      // Each transaction writes one row into both tables.
      const halves = await rowsAt(
        target.url,
        `SELECT count(*)::int AS count FROM runs FULL JOIN contents ON runs.digest = contents.digest
         WHERE runs.digest IS NULL OR contents.digest IS NULL`,
      );
      expect(halves).toEqual([{ count: 0 }]);
      expect((await target.runs.list(9)).length).toBeGreaterThan(3);
    }
  });
});

describe('after a restore', () => {
  it('new rows are numbered after the old ones', async () => {
    const { file } = await backedUp();
    const target = await emptyDatabase();
    await restore(target.database, file);
    await target.people.note({ kind: 'signedOut', at: 2, person: 'd' });
    expect((await target.people.events({ limit: 9 })).map(({ person }) => person)).toEqual([
      'd',
      'c',
      'b',
      'a',
    ]);
  });

  it('what was kept is checked and used as before', async () => {
    const { file } = await backedUp();
    const target = await emptyDatabase();
    await restore(target.database, file);
    const digest = createHash('sha256').update(HOSTILE).digest('hex');
    expect(await target.contents.get(digest)).toBe(HOSTILE);
    expect(await target.intents.latest({ run: 'run', path: 'p', attempt: 1 })).toMatchObject({
      baseline: { nul: '\u0000', number: 1.5, text: HOSTILE },
    });
  });
});

describe('a backup of older tables', () => {
  it('fills those that it has', async () => {
    const { source, file, folder } = await backedUp();
    const older = join(folder, 'older');
    const without = (lines: string[]): string[] => {
      const from = lines.findIndex((line) => line.startsWith('{"table":"freezes"'));
      const to = lines.findIndex((line, index) => index > from && line.startsWith('{"table"'));
      return [...lines.slice(0, from), ...lines.slice(to)].map((line) =>
        line.replace(/"schema":\d+/, '"schema":2'),
      );
    };
    await writeFile(older, forge(await readFile(file), without));
    const target = await emptyDatabase();
    await restore(target.database, older);
    expect(await everythingIn(target.url)).toEqual({ ...(await everythingIn(source.url)), freezes: [] });
  });

  it('leaves to a column that it lacks its default', async () => {
    const { source, file, folder } = await backedUp();
    const older = join(folder, 'older');
    const without = (lines: string[]): string[] => {
      const from = lines.findIndex((line) => line.startsWith('{"table":"contents"'));
      const next = lines.findIndex((line, index) => index > from && line.startsWith('{"table"'));
      return lines.map((line, index) => {
        if (index === from) return '{"table":"contents","columns":["digest","body"]}';
        if (index < from || index >= next) return line;
        const { rows } = JSON.parse(line) as { rows: string[][] };
        return JSON.stringify({ rows: rows.map(([digest, body]) => [digest, body]) });
      });
    };
    await writeFile(older, forge(await readFile(file), without));
    const target = await emptyDatabase();
    await restore(target.database, older);
    const bodies = 'SELECT digest, body FROM contents ORDER BY digest';
    expect(await rowsAt(target.url, bodies)).toEqual(await rowsAt(source.url, bodies));
  });
});

describe('nothing is restored', () => {
  /** What the restore of these bytes comes to, and whether the database stayed empty. */
  async function tried(bytes: Buffer) {
    const file = join(await tempFolder(), 'tried');
    await writeFile(file, bytes);
    const { database, url } = await emptyDatabase();
    const failed = await restore(database, file).then(
      () => 'restored',
      (error: unknown) => (error as { code?: string }).code,
    );
    const rows = Object.values(await everythingIn(url)).flat().length;
    return [failed, rows];
  }
  const BAD = ['store.badBackup', 0];

  it('of a file that was cut off, wherever', async () => {
    const bytes = await backupBytes();
    for (const part of [0, 1, 9, 40, Math.floor(bytes.length / 2), bytes.length - 9, bytes.length - 1]) {
      expect([part, ...(await tried(bytes.subarray(0, part)))]).toEqual([part, ...BAD]);
    }
  });

  it('of a file in which a byte was changed, wherever', async () => {
    const bytes = await backupBytes();
    for (const part of [0, 12, 200, Math.floor(bytes.length / 2), bytes.length - 2]) {
      const changed = Buffer.from(bytes);
      changed[part] = (changed[part] ?? 0) ^ 0x10;
      expect([part, ...(await tried(changed))]).toEqual([part, ...BAD]);
    }
  });

  it('of two backups in one file, or of one with something behind it', async () => {
    const bytes = await backupBytes();
    const plain = gunzipSync(bytes);
    expect(await tried(Buffer.concat([bytes, bytes]))).toEqual(BAD);
    expect(await tried(gzipSync(Buffer.concat([plain, plain])))).toEqual(BAD);
    expect(await tried(Buffer.concat([bytes, Buffer.from('more')]))).toEqual(BAD);
  });

  it.each([
    ['text', Buffer.from('-- PostgreSQL database dump')],
    ['packed text', gzipSync('hello\n')],
    ['other JSON', gzipSync('{"muster":"backup"}\n')],
    ['an end without a beginning', gzipSync('{"end":true,"rows":0,"sha256":""}\n')],
    ['one line that never ends', gzipSync(Buffer.alloc(80 * 1_024 * 1_024, 0x20))],
  ])('of a foreign file: %s', async (_, bytes) => {
    expect(await tried(bytes)).toEqual(BAD);
  });

  it.each([
    ['another table', '{"table":"pg_authid","columns":["rolname"]}'],
    ['a statement', '{"table":"contents; DROP TABLE runs","columns":["digest"]}'],
    ['a quoted statement', '{"table":"contents\\" (digest) VALUES (1); --","columns":["digest"]}'],
    ['a name of objects', '{"table":"__proto__","columns":["constructor"]}'],
    ['the migrations', '{"table":"muster_migrations","columns":["version"]}'],
    ['another column', '{"table":"contents","columns":["digest","body","ctid"]}'],
    ['a column twice', '{"table":"contents","columns":["digest","digest"]}'],
    ['no column', '{"table":"contents","columns":[]}'],
  ])('of a file that names %s', async (_, line) => {
    const forged = forge(await backupBytes(), (lines) => [...lines, line, '{"rows":[["1"]]}']);
    expect(await tried(forged)).toEqual(BAD);
  });

  it.each([
    ['of another width', '{"rows":[["1","2","3","4"]]}'],
    ['of another type', '{"rows":[["not a digest","body","yesterday-ish"]]}'],
    ['that are no rows', '{"rows":[{"digest":"1"}]}'],
  ])('of a file with rows %s', async (_, line) => {
    const { file } = await backedUp();
    const table = '{"table":"contents","columns":["digest","body","kept_at"]}';
    const forged = forge(await readFile(file), (lines) => [...lines, table, line]);
    expect(await tried(forged)).toEqual(BAD);
  });

  it('of a newer muster', async () => {
    const forged = forge(await backupBytes(), (lines) =>
      lines.map((line) => line.replace(/"schema":\d+/, '"schema":9999')),
    );
    expect(await tried(forged)).toEqual(['store.newer', 0]);
  });

  it('of a file that is not there', async () => {
    const { database } = await emptyDatabase();
    await expect(restore(database, '/nowhere/muster.backup')).rejects.toMatchObject({
      code: 'store.notFound',
    });
  });

  it('into a database that holds anything', async () => {
    const { file } = await backedUp();
    const target = await emptyDatabase();
    await target.contents.put('mine');
    const before = await everythingIn(target.url);
    await expect(restore(target.database, file)).rejects.toMatchObject({ code: 'store.notEmpty' });
    expect(await everythingIn(target.url)).toEqual(before);
  });

  it('twice: of two at once one finds the database filled', async () => {
    const { source, file } = await backedUp();
    const url = await databaseUrlForTest();
    const both = await Promise.all([storesOver(url), storesOver(url)]);
    const ended = await Promise.allSettled(both.map(({ database }) => restore(database, file)));
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await everythingIn(url)).toEqual(await everythingIn(source.url));
  });
});
