import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from '../atomic-file.ts';
import { isRunning, startMarkOf } from '../process-identity.ts';

export const HOST = '127.0.0.1';
export const USER = 'muster';
export const DATABASE = 'muster';

const schema = z.object({
  pid: z.int().positive(),
  /** See startMarkOf; absent where the system does not say. */
  startMark: z.string().optional(),
  port: z.int().positive(),
});

const pathIn = (folder: string): string => join(folder, 'server.json');

/** Writes down which server runs on a folder, for the other processes of this account. */
export async function noteServer(
  folder: string,
  { pid, port }: { readonly pid: number; readonly port: number },
): Promise<void> {
  const startMark = await startMarkOf(pid);
  const noted = { pid, port, ...(startMark === undefined ? {} : { startMark }) };
  await writeFileAtomically(pathIn(folder), `${JSON.stringify(noted)}\n`, 0o600);
}

export async function forgetServer(folder: string): Promise<void> {
  await rm(pathIn(folder), { force: true });
}

/**
 * The URL of the server that runs on a folder; undefined when none does. What a killed server noted does not count: its port
 * may be another program's by now, and whoever logs in there shows it the password.
 */
export async function postgresUrlIn(folder: string): Promise<string | undefined> {
  const text = await readFileIfThere(pathIn(folder));
  const password = await readFileIfThere(passwordFileIn(folder));
  const noted = schema.safeParse(jsonOf(text));
  if (!noted.success || password === undefined) return undefined;
  const { pid, startMark, port } = noted.data;
  const isSame = startMark === undefined || (await startMarkOf(pid)) === startMark;
  return isSame && (await isRunning(pid)) ? urlOf(port, password.trim()) : undefined;
}

/** With user and password: for the store, for no log and no command line. */
export function urlOf(port: number, password: string, database = DATABASE): string {
  return `postgres://${USER}:${password}@${HOST}:${port}/${database}`;
}

/** The password is kept beside the data: whoever can read one can read the other. */
export function passwordFileIn(folder: string): string {
  return join(folder, 'password');
}

/** The password of the server on a folder, made at the first start. */
export async function passwordIn(folder: string): Promise<string> {
  const there = (await readFileIfThere(passwordFileIn(folder)))?.trim() ?? '';
  if (there !== '') return there;
  const made = randomBytes(24).toString('hex');
  await writeFileAtomically(passwordFileIn(folder), `${made}\n`, 0o600);
  return made;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
