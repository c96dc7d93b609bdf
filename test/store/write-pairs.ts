import { createHash } from 'node:crypto';
import { openDatabase } from '../../src/store/index.ts';

/** A process that writes one row into each of two tables, in one transaction, again and again until it is killed. */
const [, , name = ''] = process.argv;
const database = openDatabase({ url: process.env['DATABASE_URL'] });
for (let count = 0; ; count += 1) {
  const id = `${name}-${count}`;
  const digest = createHash('sha256').update(id).digest('hex');
  await database.transaction(async (queries) => {
    await queries.run('INSERT INTO contents (digest, body) VALUES ($1, $2)', [digest, id]);
    await queries.run(
      `INSERT INTO runs (run_id, runbook, digest, mode, purpose, starter, started_at)
       VALUES ($1, 'r', $2, 'drill', 'exercise', 'anna', now())`,
      [id, digest],
    );
  });
  process.stdout.write(`${id}\n`);
}
