import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import type { CallOptions, Session, Timeouts } from '../../veeam/index.ts';

/** Whoever waits for a doctor wants to know soon; a server that is slower than this is ill. */
export const TIMEOUTS: Required<Timeouts> = {
  connectMs: 5_000,
  headersMs: 10_000,
  bodyMs: 10_000,
  totalMs: 20_000,
};

/** What is done with a server of each product. Only reads, and the login. Calls reject with VeeamErrors. */
export interface Checkup {
  /** The first call: logs in, and shows whether the version is served. Resolves to what the server says it is. */
  greet(options: CallOptions): Promise<string>;
  /** What the account may see, and one harmless read. Failures are lines. */
  look(options: CallOptions): Promise<readonly DoctorLine[]>;
  /** The server's own time, where there is a call for it. */
  time?(options: CallOptions): Promise<string>;
  session(): Session | undefined;
  logout(options: CallOptions): Promise<void>;
  close(): Promise<void>;
}

/** Opens a checkup. Throws veeam.badInput, and ConfigError for a certificate file that cannot be read. */
export type OpenCheckup = (config: Config, connection: ConnectionConfig) => Checkup;
