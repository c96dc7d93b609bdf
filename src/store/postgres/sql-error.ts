import { StoreError, systemCodeOf } from '../store-error.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = '53100';
/** Classes that say that the server cannot serve now, whatever was asked: connection, resources, operator, system. */
const CANNOT_SERVE = /^(08|53|57|58|28|3D)/;

/**
 * What PostgreSQL or its driver threw, in the store's words. Anything that is not about being reached (a statement that is
 * wrong) is a bug and stays as it is.
 */
export function storeErrorOf(error: unknown, place: string): unknown {
  if (error instanceof StoreError) return error;
  const code = systemCodeOf(error);
  if (code === DISK_FULL) return new StoreError('store.full', place, { cause: error });
  const isSqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E');
  if (isSqlState && !CANNOT_SERVE.test(code)) return error;
  const says = error instanceof Error && error.message !== '' ? error.message : (code ?? 'no answer');
  return new StoreError('store.unavailable', place, { detail: `${says.replace(/\.$/, '')}.`, cause: error });
}
