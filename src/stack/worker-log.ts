import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { createLogger } from '../observe/logger.ts';

let installed = false;

/**
 * Sends what Temporal's SDK says to a file; nothing of it belongs on an operator's screen. The SDK has one runtime in
 * a process, so only the first call counts.
 */
export function logWorkersTo(file: string): void {
  if (installed) return;
  installed = true;
  const logger = createLogger({ file, level: 'info' });
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const method = level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'info';
      // pino writes an error whole only under this name.
      const { error, ...facts } = meta ?? {};
      logger[method]({ ...facts, ...(error === undefined ? {} : { err: error as unknown }) }, message);
    }),
    // The native half of the SDK would write to the screen by itself.
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) } },
    // A stack is ended by its commands, in order; the SDK must not shut workers down on its own.
    shutdownSignals: [],
  });
}
