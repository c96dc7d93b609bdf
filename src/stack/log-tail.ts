import { open } from 'node:fs/promises';

/** Read from the end: more than any screen shows. */
const MAX_BYTES = 16_384;

/**
 * The last lines of a log file.
 *
 * @param from byte at which this run's lines begin; default 0
 * @param lines how many; default 15
 */
export async function tailOf(path: string, { from = 0, lines = 15 } = {}): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - MAX_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_BYTES), position: start });
    const text = buffer.toString('utf8', 0, bytesRead).trimEnd();
    return text.split('\n').slice(-lines).join('\n');
  } finally {
    await file.close();
  }
}
