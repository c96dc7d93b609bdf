import { StoreError } from '../store-error.ts';

const SCHEMES = ['postgres:', 'postgresql:'];

/**
 * Host, port and name of a database, for messages: never user and password.
 *
 * @throws StoreError `store.unavailable` when it is no URL of PostgreSQL
 */
export function placeOf(url: string): string {
  const read = URL.canParse(url) ? new URL(url) : undefined;
  // A `#` mostly is one of a password that was not escaped: what stands before it would be taken for the host.
  if (read === undefined || !SCHEMES.includes(read.protocol) || read.hash !== '') {
    // What was written may hold a password: it is not repeated.
    throw new StoreError('store.unavailable', 'DATABASE_URL', {
      detail:
        'It is no URL of PostgreSQL; write postgres://user:password@host:port/name, with %23 for # and %40 for @ in the password.',
    });
  }
  return `${read.host}${read.pathname}`;
}
