import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfThere } from '../atomic-file.ts';
import { commandLineOf, endProcess, isRunning, sendSignal } from '../process-identity.ts';
import { STOP_SIGNAL } from './start-program.ts';

/**
 * Ends the server that a killed stack has left on this data. The caller holds the lock of the folder: no other stack can
 * be using it.
 *
 * @returns whether there was one
 */
export async function endLeftover(data: string): Promise<boolean> {
  const file = join(data, 'postmaster.pid');
  const [line = ''] = (await readFileIfThere(file))?.split('\n') ?? [];
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 0 || !(await isRunning(pid))) return false;
  const command = await commandLineOf(pid);
  if (command === undefined) return false;
  if (command.includes(` -D ${data} `)) {
    sendSignal(pid, STOP_SIGNAL);
    await endProcess(pid);
    return true;
  }
  // Its id has been given to another program since, as happens in containers, where few are in use. PostgreSQL sees only
  // that something with this id runs, and would never start again.
  await rm(file, { force: true });
  return false;
}
