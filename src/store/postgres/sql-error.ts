import pg from 'pg';
import { StoreError, systemCodeOf } from '../store-error.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = '53100';
/** Data on the disk that the server itself finds broken. */
const CORRUPT = /^XX00[12]$/;
/**
 * States that say that the server cannot serve now, or not us, whatever was asked: connection, login, no such database,
 * a standby that only reads, no rights, resources, operator, system.
 */
const CANNOT_SERVE = /^(08|28|3D|53|57|58|25006|42501)/;

/**
 * What PostgreSQL or its driver threw, in the store's words. Anything that is not about being reached (a statement that is
 * wrong) is a bug and stays as it is.
 */
export function storeErrorOf(error: unknown, place: string): unknown {
  if (error instanceof StoreError) return error;
  if (error instanceof pg.DatabaseError) {
    const { code = '' } = error;
    if (code === DISK_FULL) return new StoreError('store.full', place, { cause: error });
    if (CORRUPT.test(code)) return translated('store.corrupt', error, place);
    if (!CANNOT_SERVE.test(code)) return error;
  }
  return translated('store.unavailable', error, place);
}

function translated(code: 'store.corrupt' | 'store.unavailable', error: unknown, place: string): StoreError {
  const says = error instanceof Error && error.message !== '' ? error.message : systemCodeOf(error);
  return new StoreError(code, place, {
    detail: `${(says ?? 'no answer').replace(/\.$/, '')}.`,
    cause: error,
  });
}
