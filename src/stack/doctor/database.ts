import type { DoctorLine } from '../../cli/doctor-report.ts';
import { inspectDatabase, StoreError, type DatabaseState } from '../../store/index.ts';
import { postgresFolderIn } from '../data.ts';
import { StackError } from '../stack-error.ts';
import { kindOfAccount, type Account } from '../postgres/account.ts';
import { findPostgres } from '../postgres/binaries.ts';
import { postgresUrlIn } from '../postgres/postgres-server.ts';
import { count, timed } from './lines.ts';

const RUN_AS: Readonly<Record<Account['kind'], string>> = {
  self: 'as this account',
  namespace: 'in a user namespace, since muster is started as root',
  other: 'as an account without rights, since muster is started as root',
};

/** Whether the database answers, and whether this muster can work with its tables. Changes nothing in it. */
export async function databaseLine({
  databaseUrl,
  dataDir,
}: {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
}): Promise<DoctorLine> {
  try {
    // A folder that cannot be read is told about by itself.
    const url = databaseUrl ?? (await postgresUrlIn(postgresFolderIn(dataDir)).catch(() => undefined));
    if (url === undefined) return await notStarted();
    const { value: state, ms } = await timed(() => inspectDatabase(url));
    const way =
      databaseUrl === undefined ? `of the stack, ${RUN_AS[await kindOfAccount()]}` : 'by DATABASE_URL';
    return { check: 'database', ...found(state, way), ms };
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof StackError)) throw error;
    return { check: 'database', level: 'bad', says: error.message };
  }
}

/** @throws StackError when there are no programs */
async function notStarted(): Promise<DoctorLine> {
  await findPostgres();
  const way = RUN_AS[await kindOfAccount()];
  return {
    check: 'database',
    level: 'warn',
    says: `PostgreSQL starts with the stack, ${way}; no stack runs on this data folder`,
    now: 'Start it with npx muster start, or set DATABASE_URL to a server of your own.',
  };
}

function found(
  { place, version, migrations, newer, unsafe }: DatabaseState,
  way: string,
): Pick<DoctorLine, 'level' | 'says' | 'now'> {
  const server = `${place}, PostgreSQL ${version} ${way}`;
  if (newer.length > 0) {
    return {
      level: 'bad',
      says: `${server}: a newer muster has changed its tables (migration ${newer.join(', ')})`,
      now: 'Run that version, or restore a backup of this one into an empty database.',
    };
  }
  if (unsafe.length > 0) {
    return {
      level: 'warn',
      says: `${server}: ${unsafe.join(' and ')} is off: what it has confirmed can be lost`,
      now: 'Switch it on at the server: muster counts on what it is told is kept.',
    };
  }
  const { done, toCome } = migrations;
  const next = toCome === 0 ? '' : `, ${toCome} to come with the next start`;
  return { level: 'ok', says: `${server}, ${count(done, 'migration')} done${next}` };
}
