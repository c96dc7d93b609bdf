/** Why something could not be kept or read, and what to do now. Stable: callers and tests read the code. */
export const STORE_CODES = {
  'store.notFound': 'There is nothing kept under this name.',
  'store.corrupt':
    'What is kept is not what was written. Restore the named file from a backup, or move it away.',
  'store.conflict': 'Something else is already kept under this name, and it is never overwritten.',
  'store.unavailable':
    'The store cannot be used. Check that the database runs and DATABASE_URL leads to it; of a folder, that it exists and who may write.',
  'store.full': 'The disk of the database is full. Nothing was written; make room, and it goes on.',
  'store.newer': 'A newer muster has changed the tables. Run that version, or restore a backup of this one.',
  'store.notEmpty': 'The database holds data already. A backup is restored into an empty one.',
  'store.badBackup': 'The file is no backup of muster, or it was cut off or changed. Nothing was restored.',
} as const;

export type StoreCode = keyof typeof STORE_CODES;

/** Everything a store throws. `path` is the file, folder or database it is about. */
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

/** Whether the store cannot be reached: whatever else is wrong with it does not pass by itself. */
export function isAway(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store.unavailable';
}

/** Whether nothing can be written there for now: the store cannot be reached, or its disk is full. Both pass. */
export function isUnwritable(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === 'store.unavailable' || error.code === 'store.full');
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
