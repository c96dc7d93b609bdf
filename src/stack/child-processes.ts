import type { ChildProcess } from 'node:child_process';
import { sendSignal } from './process-identity.ts';

type Ending = { readonly pid: number; readonly wholeGroup: boolean; readonly by: NodeJS.Signals };

const running = new Set<Ending>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes a child process end when this one ends, whichever way but SIGKILL: with `exit`, or by a signal that nothing
 * else handles. Who handles signals (a stack that stops in order) is not disturbed.
 *
 * @param options.wholeGroup the child leads its own process group (`detached`), all of which ends; default false
 * @param options.by the signal that ends it; default SIGTERM
 */
export function endWithParent(
  child: ChildProcess,
  { wholeGroup = false, by = 'SIGTERM' }: { wholeGroup?: boolean; by?: NodeJS.Signals } = {},
): void {
  if (child.pid === undefined) return;
  const ending = { pid: child.pid, wholeGroup, by };
  if (running.size === 0) listen();
  running.add(ending);
  child.once('exit', () => {
    running.delete(ending);
    if (running.size === 0) stopListening();
  });
}

function endAll(): void {
  for (const { pid, wholeGroup, by } of running) sendSignal(wholeGroup ? -pid : pid, by);
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  stopListening();
  // Nobody else listens now: this process ends as the signal wants it to.
  process.kill(process.pid, signal);
}

function listen(): void {
  process.once('exit', endAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off('exit', endAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
