/** Why something could not be kept or read, and what to do now. Stable: callers and tests read the code. */
export const STORE_CODES = {
  'store.notFound': 'There is nothing kept under this name.',
  'store.corrupt':
    'What is kept is not what was written. Restore the named file from a backup, or move it away.',
  'store.conflict': 'Something else is already kept under this name, and it is never overwritten.',
  'store.unavailable':
    'The folder cannot be used. Check that it exists, that the disk is not full, and who may write.',
} as const;

export type StoreCode = keyof typeof STORE_CODES;

/** Everything a store throws. `path` is the file or folder it is about. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreCode;
  readonly path: string;

  constructor(code: StoreCode, path: string, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(`${path}: ${detail === undefined ? '' : `${detail} `}${STORE_CODES[code]}`, { cause });
    this.code = code;
    this.path = path;
  }
}

/** The system's code of an error (`ENOENT`, `EEXIST` …), when it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Runs something that touches the disk at `path`: what the system refuses becomes `store.unavailable`.
 *
 * @throws StoreError
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const code = systemCodeOf(error);
    throw new StoreError('store.unavailable', path, {
      cause: error,
      ...(code !== undefined && { detail: `${code}.` }),
    });
  }
}
