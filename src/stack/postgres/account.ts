import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isThere } from '../atomic-file.ts';
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
  switch (await kindOfAccount(only)) {
    case 'self':
      return { kind: 'self', ...own };
    case 'namespace':
      return { kind: 'namespace', ...own, prefix: NAMESPACE };
    case 'other':
      return otherAccount(binaries, folder);
  }
}

/** As whom PostgreSQL would run here; see {@link Account}. */
export async function kindOfAccount(only?: Account['kind']): Promise<Account['kind']> {
  if (process.getuid?.() !== 0) return 'self';
  return only !== 'other' && (await canMapUsers()) ? 'namespace' : 'other';
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
  // The folder is root's, only what lies in it is the account's: nobody else can put a link in its place.
  const dataFolder = join(SHARED_FOLDER, shortDigest(folder));
  await makeEnterable(SHARED_FOLDER, 0o755);
  await makeEnterable(dataFolder, 0o711);
  return { kind: 'other', binaries: await reachable(binaries, ids), dataFolder, prefix: [], ids };
}

/** Also where new files are nobody else's by default (umask 077). A folder that is there stays as it is. */
async function makeEnterable(folder: string, mode: number): Promise<void> {
  if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, mode);
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
  // After an update the programs in the same folder are others.
  const { stdout: version } = await run(postgres, ['--version']);
  const copy = join(SHARED_FOLDER, `programs-${shortDigest(`${root} ${version}`)}`);
  if (!(await isThere(copy))) await copyForAll(root, copy);
  const moved = (path: string): string => join(copy, path.slice(root.length));
  return { postgres: moved(postgres), initdb: moved(initdb), root: copy };
}

/** Copies a folder so that everybody can read it. It appears under its name when it is whole. */
async function copyForAll(from: string, to: string): Promise<void> {
  const draft = `${to}.${randomUUID()}`;
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true });
    await chmod(draft, 0o755);
    for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) continue;
      const path = join(entry.parentPath, entry.name);
      const isProgram = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
      await chmod(path, isProgram ? 0o755 : 0o644);
    }
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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
