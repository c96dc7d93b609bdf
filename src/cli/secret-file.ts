import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';

/** No password or token is longer. */
const MAX_LENGTH = 4_096;

/**
 * A secret in a file: its first line. What is in it is never part of a message.
 *
 * @throws CliError `cli.fileUnreadable`
 */
export async function secretIn(file: string, { cwd }: Pick<CliWorld, 'cwd'>): Promise<string> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), 'utf8');
  } catch {
    throw new CliError('cli.fileUnreadable', `${file} cannot be read.`, {
      hint: 'Check the name of the file and who may read it.',
    });
  }
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line === '' || line.length > MAX_LENGTH) {
    throw new CliError('cli.fileUnreadable', `${file} holds no secret in its first line.`);
  }
  return line;
}
