import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { MAX_RUNBOOK_BYTES } from './yaml/guard.ts';

/** Why a file cannot be a runbook. */
export const FILE_ERRORS = {
  FILE_NOT_FOUND: 'There is no such file.',
  FILE_NOT_REGULAR: 'It is no regular file.',
  FILE_UNREADABLE: 'It cannot be read.',
  FILE_TOO_LARGE: 'It is larger than a runbook can be.',
  FILE_NOT_UTF8: 'It is not written in UTF-8.',
  FILE_AMBIGUOUS: 'Beside it lies a file with the same name but for case, accents or ending.',
} as const;
export type FileErrorCode = keyof typeof FILE_ERRORS;

/** A runbook's file that cannot be read; `code` says why. */
export class RunbookFileError extends Error {
  override readonly name = 'RunbookFileError';
  readonly code: FileErrorCode;
  readonly file: string;
  constructor(
    code: FileErrorCode,
    file: string,
    { detail, cause }: { readonly detail?: string; cause?: unknown } = {},
  ) {
    super(`${file}: ${FILE_ERRORS[code]}${detail === undefined ? '' : ` (${detail})`}`, { cause });
    this.code = code;
    this.file = file;
  }
}

/**
 * Reads the text of a runbook. Only regular files are read, at once and to their end, so neither a pipe nor a device
 * can hold the process; a file that is too large is not read at all.
 *
 * @throws RunbookFileError
 */
export async function readRunbookFile(path: string): Promise<{ text: string; file: string }> {
  const handle = await openFile(path);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new RunbookFileError('FILE_NOT_REGULAR', path);
    if (stats.size > MAX_RUNBOOK_BYTES) throw new RunbookFileError('FILE_TOO_LARGE', path);
    return { text: await readText(handle, path), file: path };
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new RunbookFileError(
      isMissing ? 'FILE_NOT_FOUND' : code === 'ENXIO' ? 'FILE_NOT_REGULAR' : 'FILE_UNREADABLE',
      path,
      { cause },
    );
  }
}

async function readText(handle: FileHandle, path: string): Promise<string> {
  // One byte more than allowed: the file may have grown since its size was asked for.
  const buffer = Buffer.alloc(MAX_RUNBOOK_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  if (length > MAX_RUNBOOK_BYTES) throw new RunbookFileError('FILE_TOO_LARGE', path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length));
  } catch (cause) {
    throw new RunbookFileError('FILE_NOT_UTF8', path, { cause });
  }
}
