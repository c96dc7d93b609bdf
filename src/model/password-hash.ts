/** A password as it is kept: how it was hashed, with what salt, and the result. */
export interface PasswordHash {
  /** Binary logarithm of scrypt's cost N. */
  readonly logN: number;
  readonly blockSize: number;
  readonly parallelism: number;
  /** Both base64 without padding. */
  readonly salt: string;
  readonly hash: string;
}

/** 32 MiB with a block size of 8: less is guessed too fast on graphics cards. */
export const MIN_LOG_N = 15;
/** A cost that one sign-in can still pay: 128 bytes * N * r is at most 256 MiB. */
const MAX_LOG_N = 18;
const MAX_BLOCK_SIZE = 16;
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;
const MAX_PARALLELISM = 4;

/** 16 bytes of salt at least, 32 bytes of hash exactly. */
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/;

/** Reads `$scrypt$ln=15,r=8,p=3$SALT$HASH`; undefined when it is none, or costs too little or too much. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, ln, r, p, salt, hash] = FORM.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const logN = Number(ln);
  const blockSize = Number(r);
  const parallelism = Number(p);
  const isAffordable =
    logN >= MIN_LOG_N &&
    logN <= MAX_LOG_N &&
    blockSize >= 8 &&
    blockSize <= MAX_BLOCK_SIZE &&
    parallelism >= 1 &&
    parallelism <= MAX_PARALLELISM &&
    scryptMemoryBytes({ logN, blockSize }) <= MAX_MEMORY_BYTES;
  return isAffordable ? { logN, blockSize, parallelism, salt, hash } : undefined;
}

/** How a password is kept in the configuration. */
export function renderPasswordHash({ logN, blockSize, parallelism, salt, hash }: PasswordHash): string {
  return `$scrypt$ln=${logN},r=${blockSize},p=${parallelism}$${salt}$${hash}`;
}

/** What one computation takes. */
export function scryptMemoryBytes({ logN, blockSize }: Pick<PasswordHash, 'logN' | 'blockSize'>): number {
  return 128 * 2 ** logN * blockSize;
}
