import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { CliWorld } from './context.ts';
import type { StackOptions } from './stack-door.ts';

/** What proves who somebody is: for a server, or for the stack on a data folder. */
export interface Login {
  /** Of the server; absent: the stack of this machine. */
  readonly url?: string;
  readonly credential: string;
}

const file = z.strictObject({
  version: z.literal(1),
  /** The server that commands go to when nothing else is said. */
  server: z.strictObject({ url: z.string(), credential: z.string() }).optional(),
  /** By data folder. */
  local: z.record(z.string(), z.string()).default({}),
});
type LoginFile = z.output<typeof file>;

const NONE: LoginFile = { version: 1, local: {} };

/**
 * The login that a command uses. A token of the environment comes first; then, when a folder or a configuration is named, the
 * login for that stack; else the server that was logged in to.
 */
export async function loginFor(
  { dataDir, configFile }: StackOptions,
  { loginFile, token, cwd }: Pick<CliWorld, 'loginFile' | 'token' | 'cwd'>,
): Promise<Login | undefined> {
  const { server, local } = await readLogins(loginFile);
  const isLocal = dataDir !== undefined || configFile !== undefined;
  const url = isLocal || server === undefined ? {} : { url: server.url };
  if (token !== undefined) return { ...url, credential: token };
  if (!isLocal && server !== undefined) return server;
  const credential = local[folderKey(dataDir, cwd)];
  return credential === undefined ? undefined : { credential };
}

/** Keeps a login, readable by its owner only. */
export async function keepLogin(
  { url, credential }: Login,
  { loginFile, cwd, dataDir }: Pick<CliWorld, 'loginFile' | 'cwd'> & { readonly dataDir?: string },
): Promise<void> {
  const kept = await readLogins(loginFile);
  const key = folderKey(dataDir, cwd);
  await writeLogins(
    loginFile,
    url === undefined
      ? { ...kept, local: { ...kept.local, [key]: credential } }
      : { ...kept, server: { url, credential } },
  );
}

/** Forgets the login that commands would use now. */
export async function forgetLogin(
  { url }: Login,
  { loginFile, cwd, dataDir }: Pick<CliWorld, 'loginFile' | 'cwd'> & { readonly dataDir?: string },
): Promise<void> {
  const { server, ...kept } = await readLogins(loginFile);
  const key = folderKey(dataDir, cwd);
  const others = Object.fromEntries(Object.entries(kept.local).filter(([folder]) => folder !== key));
  await writeLogins(
    loginFile,
    url === undefined ? { ...kept, ...(server !== undefined && { server }), local: others } : kept,
  );
}

function folderKey(dataDir: string | undefined, cwd: string): string {
  return dataDir === undefined ? 'default' : resolve(cwd, dataDir);
}

async function readLogins(path: string): Promise<LoginFile> {
  try {
    // One that cannot be read is as none: whoever signs in again replaces it.
    const read = file.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return read.success ? read.data : NONE;
  } catch {
    return NONE;
  }
}

async function writeLogins(path: string, logins: LoginFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
