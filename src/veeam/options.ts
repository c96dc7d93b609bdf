import { VeeamError } from './errors.ts';

/**
 * How a connection proves who it is. Secrets are asked for when they are needed, again at every login,
 * so that a changed password works without a restart. What the function throws reaches the caller unchanged.
 */
export type Credentials =
  | {
      readonly kind: 'password';
      /** `DOMAIN\user` or `user`. */
      readonly username: string;
      readonly password: () => string | Promise<string>;
    }
  | {
      /** A client account of VRO (`POST /Clients`): the only kind that works where MFA is on. */
      readonly kind: 'client';
      readonly clientId: string;
      readonly clientSecret: () => string | Promise<string>;
    };

/** Time limits in milliseconds. */
export type Timeouts = {
  /** TCP and TLS handshake. Default 10,000. */
  readonly connectMs?: number;
  /** From the request to the first byte of the answer. Default 30,000. */
  readonly headersMs?: number;
  /** Between two pieces of the answer. Default 30,000. */
  readonly bodyMs?: number;
  /** The whole call: login, repeats and waiting included. Default 60,000. */
  readonly totalMs?: number;
};

export type Limits = {
  /** Largest answer in bytes. Default 4 MiB: a page of runtime details is far below 1 MiB. */
  readonly bodyBytes?: number;
  /** Longest wait taken from a Retry-After header, in milliseconds. Default 60,000. */
  readonly retryAfterMs?: number;
  /** First pause before a read is repeated, doubled each time, in milliseconds. Default 250. */
  readonly backoffMs?: number;
  /** Connections kept for reads. Default 8. Commands use a connection of their own. */
  readonly connections?: number;
  /** Most items that a paged read collects. Default 5,000. */
  readonly items?: number;
};

/** What both clients need to know of a server. */
export type ConnectionOptions = {
  /** The name of the connection in the configuration, as errors show it. */
  readonly connection: string;
  /** Scheme, host and port only, e.g. `https://vro.example:9898`. */
  readonly url: string;
  readonly timeouts?: Timeouts;
  readonly limits?: Limits;
  /** Certificates (PEM) to trust instead of the system's. Verification itself cannot be turned off. */
  readonly tls?: { readonly ca: string | readonly string[] };
};

/** Options with every default filled in. */
export type Settings = {
  readonly connection: string;
  readonly origin: string;
  readonly timeouts: Required<Timeouts>;
  readonly limits: Required<Limits>;
  readonly tls: { readonly ca: string | readonly string[] } | undefined;
};

const DEFAULT_TIMEOUTS: Required<Timeouts> = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  totalMs: 60_000,
};

const DEFAULT_LIMITS: Required<Limits> = {
  bodyBytes: 4 * 1024 * 1024,
  retryAfterMs: 60_000,
  backoffMs: 250,
  connections: 8,
  items: 5_000,
};

/** Checks the options as early as possible and fills in defaults. Throws veeam.badInput naming the option. */
export function settingsOf({ connection, url, timeouts, limits, tls }: ConnectionOptions): Settings {
  return {
    connection,
    origin: originOf(connection, url),
    timeouts: positive(connection, 'timeouts', { ...DEFAULT_TIMEOUTS, ...timeouts }),
    limits: positive(connection, 'limits', { ...DEFAULT_LIMITS, ...limits }),
    tls,
  };
}

/** A veeam.badInput about an option, before any call is made. */
export function badOption(connection: string, detail: string): VeeamError {
  return new VeeamError('veeam.badInput', { connection, call: 'configure', changes: false }, { detail });
}

function originOf(connection: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw badOption(connection, 'url must begin with https:// (or http://)');
  }
  // Anything after the port, and a user before the host, is a trap or a mistake. The URL itself is not
  // repeated in the message: it may hold a password.
  if (`${parsed.origin}/` !== parsed.href) {
    throw badOption(connection, 'url must be scheme, host and port only, e.g. https://vro.example:9898');
  }
  return parsed.origin;
}

function positive<T extends Record<string, number>>(connection: string, option: string, numbers: T): T {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1) {
      throw badOption(connection, `${option}.${name} must be a whole number above 0`);
    }
  }
  return numbers;
}
