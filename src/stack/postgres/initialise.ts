import { randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolders } from '../../store/index.ts';
import { StackError } from '../stack-error.ts';
import { tailOf } from '../log-tail.ts';
import type { Account } from './account.ts';
import { startProgram } from './start-program.ts';
import { USER } from './server-file.ts';

/** The server's log of what is written comes in pieces of this size; PostgreSQL's own default is for larger servers. */
const LOG_PIECE_MB = 4;

/**
 * Makes the data of a server in a folder beside, so that a process killed in the middle leaves nothing that looks whole.
 *
 * @throws StackError `stack.postgresNotStarted` with the last lines of what `initdb` said
 */
export async function initialise({
  account,
  data,
  password,
  logFile,
}: {
  readonly account: Account;
  readonly data: string;
  readonly password: string;
  readonly logFile: string;
}): Promise<void> {
  await removeDrafts(data);
  // A name of its own: the `initdb` of a killed stack may still write into another.
  const draft = `${data}.new-${randomUUID()}`;
  const { uid, gid = uid } = account.ids;
  await mkdir(draft, { mode: 0o700 });
  if (uid !== undefined) await chown(draft, uid, gid ?? uid);
  const passwordFile = `${draft}.password`;
  try {
    const file = await open(passwordFile, 'wx', 0o600);
    try {
      await file.writeFile(password);
      if (uid !== undefined) await file.chown(uid, gid ?? uid);
    } finally {
      await file.close();
    }
    await runInitdb(account, ['-D', draft, '--pwfile', passwordFile], logFile);
    await rename(draft, data);
    await syncFolders(dirname(data));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(account: Account, where: readonly string[], logFile: string): Promise<void> {
  const log = await open(logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  const child = startProgram(
    account,
    account.binaries.initdb,
    [
      ...[...where, '--username', USER, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
      ...['--wal-segsize', String(LOG_PIECE_MB)],
    ],
    log.fd,
  );
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  await log.close();
  if (code === 0) return;
  const said = await tailOf(logFile, { from });
  throw new StackError('stack.postgresNotStarted', `The database could not be made.\n${said}`);
}

/** What killed starts have left: as far as it goes, since one of their `initdb` may still write. */
async function removeDrafts(data: string): Promise<void> {
  const folder = dirname(data);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(data)}.new`)) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
