import { openDatabase } from '../../src/store/index.ts';

/** A process that uses a database that perhaps nobody has migrated yet. */
const database = openDatabase({ url: process.env['DATABASE_URL'] });
await database.run('SELECT count(*) FROM contents');
await database.close();
