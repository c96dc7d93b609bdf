import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithParent } from './child-processes.ts';
import { sendSignal } from './process-identity.ts';

/** How a command ended. `code` is null when a signal (or a limit of ours) ended it. */
export interface CommandEnd {
  readonly code: number | null;
  /** The last lines of both outputs together. */
  readonly output: string;
}

/** Lines kept of what a command prints: enough for its error. */
const MAX_LINES = 200;

/**
 * Runs a command to its end, in a process group of its own that ends with this process, with the time limit or with
 * the signal. Rejects only when the command cannot be started at all.
 */
export async function runCommand({
  command,
  args,
  timeoutMs,
  cwd,
  env,
  signal,
  onLine,
}: {
  command: string;
  args: readonly string[];
  timeoutMs: number;
  cwd?: string;
  /** The whole environment of the command. Default: that of this process. */
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  onLine?: (line: string) => void;
}): Promise<CommandEnd> {
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > MAX_LINES) lines.shift();
      onLine?.(line);
    });
  }
  endWithParent(child, { wholeGroup: true });
  const end = () => {
    if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  };
  const limit = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, output: lines.join('\n') };
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', end);
  }
}
