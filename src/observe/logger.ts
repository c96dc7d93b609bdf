import { destination, pino, stdTimeFunctions, type Logger } from 'pino';

export type { Logger } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Fields that hold secrets wherever they stand. */
const SECRET_FIELDS = [
  'password',
  'secret',
  'token',
  'authorization',
  'Authorization',
  'cookie',
  'apiKey',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'clientSecret',
  'client_secret',
  'recoveryToken',
];

/** How deep they are looked for. Deeper data does not belong in a log line. */
const PLACES = ['', '*.', '*.*.', '*.*.*.'];

/** What JSON leaves as it is and a terminal obeys, or shows in another order than it was written. */
const OBEYED_BY_TERMINALS = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * A logger that writes one line of JSON for each event, to `file` (made when missing, its owner's only) or to standard
 * error. Secrets are replaced by `[hidden]`, and no control character leaves it unescaped, so that a hostile name cannot
 * forge a line or drive a terminal. A secret within a sentence is not found: log fields.
 */
export function createLogger({ file, level }: { readonly file?: string; readonly level: LogLevel }): Logger {
  const stream =
    file === undefined
      ? destination({ fd: process.stderr.fd, sync: true })
      : destination({ dest: file, mkdir: true, mode: 0o600, sync: true });
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      redact: {
        paths: PLACES.flatMap((place) => SECRET_FIELDS.map((field) => place + field)),
        censor: '[hidden]',
      },
      hooks: { streamWrite: (line) => line.replaceAll(OBEYED_BY_TERMINALS, escaped) },
    },
    stream,
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
