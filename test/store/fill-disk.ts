import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';
import { openDatabase, openStores } from '../../src/store/index.ts';

/**
 * A process with a disk of its own, which is small: fills it, writes until the database is full, makes room, goes on.
 * Says as JSON what it saw.
 */
const [, , disk = ''] = process.argv;
const filler = join(disk, 'filler');
const server = await startPostgresServer({ folder: join(disk, 'postgres'), logFile: join(disk, 'log') });
const database = openDatabase({ url: server.url });
const { contents } = await openStores({ database, folder: disk });
const countRow = z.object({ count: z.coerce.number() });
const count = async (): Promise<number> =>
  (await database.rows(countRow, 'SELECT count(*) FROM contents'))[0]?.count ?? -1;

await contents.put('before');
const { bavail, bsize } = await statfs(disk);
// So much is left that rows run out of room before the log of the server does.
await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - 1_024 * 1_024)));
const kept: string[] = [];
const codes = new Set<unknown>();
/** Tries to keep a text that no packing makes small. */
async function put(): Promise<void> {
  const text = Array.from({ length: 4_000 }, () => Math.random().toString(36)).join('');
  await contents.put(text).then(
    (digest) => kept.push(digest),
    (error: unknown) => codes.add((error as { code?: string }).code),
  );
}
while (codes.size === 0) await put();
// Whoever is refused tries again: that must not use up what the server itself needs.
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let tries = 0; tries < 100; tries += 1) await put();
  }),
);
const whileFull = await count();
await rm(filler);
const after = await contents.put('after');
for (const digest of kept) await contents.get(digest);
process.stdout.write(
  JSON.stringify({
    codes: [...codes],
    lost: whileFull - 1 - kept.length,
    after: await contents.get(after),
    rows: (await count()) - whileFull,
  }),
);
await database.close();
await server.stop();
