import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogLevel as SdkLevel,
} from '@temporalio/worker';
import { createLogger, type LogLevel } from '../observe/logger.ts';

/** What a file can be asked to hold, in the SDK's words. */
const LEVELS = { info: 'INFO', debug: 'DEBUG' } as const satisfies Partial<Record<LogLevel, SdkLevel>>;
const METHODS = {
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'debug',
} as const satisfies Record<SdkLevel, LogLevel>;

let installed = false;

/**
 * Sends what Temporal's SDK says to a file; nothing of it belongs on an operator's screen. The SDK has one runtime in
 * a process, so only the first call counts.
 */
export function logWorkersTo(
  file: string,
  { level: least = 'info' }: { level?: keyof typeof LEVELS } = {},
): void {
  if (installed) return;
  installed = true;
  const logger = createLogger({ file, level: least });
  Runtime.install({
    logger: new DefaultLogger(LEVELS[least], ({ level, message, meta }) => {
      const method = METHODS[level];
      // pino writes an error whole only under this name.
      const { error, ...facts } = meta ?? {};
      logger[method]({ ...facts, ...(error === undefined ? {} : { err: error as unknown }) }, message);
    }),
    // The native half of the SDK would write to the screen by itself.
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) },
    },
    // A stack is ended by its commands, in order; the SDK must not shut workers down on its own.
    shutdownSignals: [],
  });
}
