import type { ServerKind } from '../config/index.ts';

/** `ok`; `warn`: it works, but look at it; `bad`: muster cannot work like this. */
export type DoctorLevel = 'ok' | 'warn' | 'bad';

/**
 * What is looked at. `config` and `secret`: what muster.yaml says and refers to; `dns` to `http`: the way to a server;
 * `login` to `token`: the session; `temporal`, `database` and `data`: what muster itself needs; `channel`:
 * whether people can be told.
 */
export type DoctorCheck =
  | 'config'
  | 'secret'
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'http'
  | 'clock'
  | 'login'
  | 'version'
  | 'role'
  | 'scope'
  | 'read'
  | 'token'
  | 'temporal'
  | 'database'
  | 'data'
  | 'channel';

/** One finding. No text in it carries a secret; words of a server may be in it. */
export interface DoctorLine {
  readonly check: DoctorCheck;
  readonly level: DoctorLevel;
  readonly says: string;
  /** What to do now. */
  readonly now?: string;
  /** How long it took, in milliseconds, where that says something about the server or the way to it. */
  readonly ms?: number;
}

/** What a server shows of itself; the pin is what `tls.pins` takes. */
export interface DoctorCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** ISO date. */
  readonly validTo: string;
  readonly daysLeft: number;
  readonly pin: string;
  readonly trusted: boolean;
  /** Subjects, from the server's own certificate upwards. */
  readonly chain: readonly string[];
}

/** A connection of muster.yaml. */
export interface DoctorConnection {
  readonly name: string;
  readonly kind: ServerKind;
  /** Scheme, host and port. Absent for a simulator that does not run. */
  readonly url?: string;
  readonly apiVersion: string;
  /** Whether it is the simulator of the embedded stack: no real server. */
  readonly simulator: boolean;
  /** The worst of its lines. */
  readonly level: DoctorLevel;
  /** Whether the server answers at all, whatever it answers. */
  readonly reached: boolean;
  readonly certificate?: DoctorCertificate;
  /** In the order of the checks. After a bad one, those that need it are missing. */
  readonly lines: readonly DoctorLine[];
}

/** What `muster doctor` found. */
export interface DoctorReport {
  /** The worst of all lines. */
  readonly level: DoctorLevel;
  readonly connections: readonly DoctorConnection[];
  /** What muster itself needs; empty when only some connections were asked about. */
  readonly own: readonly DoctorLine[];
}
