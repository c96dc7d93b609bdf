import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chown, constants, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackError } from '../stack-error.ts';
import type { PostgresBinaries } from './binaries.ts';

const run = promisify(execFile);

/** Where the data of an account of its own lies: muster's own folder may be one that this account cannot enter. */
const SHARED_FOLDER = '/var/lib/muster';
/** Accounts that are nobody's, the best first. */
const ACCOUNTS = ['postgres', 'nobody'];

/** Who runs PostgreSQL, and where its programs and its data are for that account. */
export interface Account {
  /**
   * `self`: the account of this process. `namespace`: the same, but in a user namespace in which it is not root, so that all
   * files stay where they are. `other`: an account without rights.
   */
  readonly kind: 'self' | 'namespace' | 'other';
  readonly binaries: PostgresBinaries;
  readonly dataFolder: string;
  /** What stands before a program and its arguments. */
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/**
 * PostgreSQL refuses to run as root. Started as root, it runs in a user namespace where the system allows one; else as an
 * account without rights, with data and programs where that account can enter.
 *
 * @param options.folder where the data goes when this process's own account is used
 * @param options.only for tests: this way and no other
 * @throws StackError `stack.postgresNeedsAccount`
 */
export async function chooseAccount({
  binaries,
  folder,
  only,
}: {
  readonly binaries: PostgresBinaries;
  readonly folder: string;
  readonly only?: Account['kind'] | undefined;
}): Promise<Account> {
  const own = { binaries, dataFolder: folder, prefix: [], ids: {} };
  if (process.getuid?.() !== 0) return { kind: 'self', ...own };
  if (only !== 'other' && (await canMapUsers())) return { kind: 'namespace', ...own, prefix: NAMESPACE };
  return otherAccount(binaries, folder);
}

/** As `nobody` in there, and as this account for everything outside. */
const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];

async function canMapUsers(): Promise<boolean> {
  const [program = '', ...args] = NAMESPACE;
  return run(program, [...args, 'true']).then(
    () => true,
    () => false,
  );
}

async function otherAccount(binaries: PostgresBinaries, folder: string): Promise<Account> {
  const ids = await idsOf(ACCOUNTS);
  if (ids === undefined) {
    throw new StackError('stack.postgresNeedsAccount', 'PostgreSQL cannot run as root.');
  }
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const dataFolder = join(SHARED_FOLDER, mark);
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await chown(dataFolder, ids.uid, ids.gid);
  return { kind: 'other', binaries: await reachable(binaries, ids), dataFolder, prefix: [], ids };
}

/** The programs as the account can start them: where they are, or a copy. */
async function reachable(
  binaries: PostgresBinaries,
  ids: { readonly uid: number; readonly gid: number },
): Promise<PostgresBinaries> {
  const { postgres, initdb, root } = binaries;
  const starts = await run(postgres, ['--version'], ids).then(
    () => true,
    () => false,
  );
  if (starts) return binaries;
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const copy = join(SHARED_FOLDER, `programs-${mark}`);
  const moved = (path: string): string => join(copy, path.slice(root.length));
  const there = await access(moved(postgres), constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!there) await cp(root, copy, { recursive: true, verbatimSymlinks: true });
  return { postgres: moved(postgres), initdb: moved(initdb), root: copy };
}

async function idsOf(names: readonly string[]): Promise<{ uid: number; gid: number } | undefined> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of names) {
    const line = accounts.split('\n').find((one) => one.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
