import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { inert } from './render/inert.ts';
import { answer } from './output.ts';

/** The option of every command that makes a document. */
export const OUT = { flags: '--out <file>', says: 'write it into this file instead of showing it' } as const;

/**
 * Shows a document, or writes it into the file that was asked for.
 *
 * @param format as the answer in JSON names it
 * @param keep whether a file that is there already stays as it is
 * @throws CliError `cli.fileExists`, `cli.fileUnwritable`
 */
export async function deliver(
  context: CliContext,
  {
    text,
    format,
    out,
    keep = false,
  }: { text: string; format: string; out: string | undefined; keep?: boolean },
): Promise<void> {
  if (out === undefined) {
    answer(context, { value: { format, text }, text: () => text });
    return;
  }
  const file = resolve(context.cwd, out);
  await write(file, `${text}\n`, keep);
  const shown = relative(context.cwd, file);
  answer(context, { value: { format, file: shown }, text: () => `Written: ${inert(shown)}` });
}

/**
 * @param keep whether a file that is there already stays as it is
 * @param mode of a new file
 * @throws CliError `cli.fileExists`, `cli.fileUnwritable`
 */
export async function write(
  file: string,
  text: string | Uint8Array,
  keep: boolean,
  mode = 0o666,
): Promise<void> {
  try {
    await writeFile(file, text, { flag: keep ? 'wx' : 'w', mode });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : undefined;
    if (reason === 'EEXIST') {
      throw new CliError('cli.fileExists', `${file} is there already, and is left as it is.`, {
        hint: 'Choose another name, or delete the file first.',
      });
    }
    throw new CliError('cli.fileUnwritable', `${file} cannot be written (${String(reason)}).`, {
      hint: 'Does the folder exist, and may you write into it?',
    });
  }
}
