import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCodeOf } from './atomic-file.ts';

const run = promisify(execFile);

/** How often a process that should end is looked at. */
const LOOK_EVERY_MS = 25;

/** Whether a process with this id runs; one of another user counts, one that is dead and not yet collected does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCodeOf(error) !== 'EPERM') return false;
  }
  // In a container without an init process nobody collects orphans: they stay as zombies for ever.
  const state = (await statOf(pid))?.[0] ?? (await askPs(pid, 'state='));
  return state === undefined || !/^[ZX]/.test(state);
}

/**
 * A mark that tells a process from a later one with the same id: when it started, on which boot of the machine.
 * Undefined when there is no such process, or the system does not say.
 */
export async function startMarkOf(pid: number): Promise<string | undefined> {
  const ticks = (await statOf(pid))?.[19];
  if (ticks === undefined) return askPs(pid, 'lstart=');
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${boot.trim()}/${ticks}`;
}

/** The fields of `/proc/<pid>/stat` from the third on (proc(5)): first the state, as twentieth the start time. */
async function statOf(pid: number): Promise<readonly string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name, in parentheses, and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The command line of a process, its words joined with spaces; undefined when there is none or it may not be seen. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  try {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return words === '' ? undefined : words.split('\0').join(' ').trim();
  } catch {
    return askPs(pid, 'command=');
  }
}

/** Systems without /proc have `ps`. */
async function askPs(pid: number, column: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', column, '-p', String(pid)]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}

/** Ends a process that is not our child: SIGTERM, and after `graceMs` SIGKILL. Comes back when it is gone. */
export async function endProcess(pid: number, { graceMs = 5_000 } = {}): Promise<void> {
  sendSignal(pid, 'SIGTERM');
  if (await isGoneWithin(pid, graceMs)) return;
  sendSignal(pid, 'SIGKILL');
  await isGoneWithin(pid, graceMs);
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (await isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await delay(LOOK_EVERY_MS);
  }
  return true;
}

/** Sends a signal; a process that is gone already is no error. A negative id means the process group. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCodeOf(error) !== 'ESRCH') throw error;
  }
}
