import { X509Certificate } from 'node:crypto';
import { VeeamError } from './errors.ts';
import { pinFrom } from './pins.ts';

/** A secret that is asked for when it is needed. What the function throws reaches the caller unchanged. */
export type Secret = () => string | Promise<string>;

export type PasswordCredentials = {
  readonly kind: 'password';
  /** `DOMAIN\user` or `user`. */
  readonly username: string;
  readonly password: Secret;
  /** The base32 secret of the authenticator app, for an account of VRO with a second factor. */
  readonly totp?: Secret | undefined;
};

/** A client account of VRO (`POST /Clients`): it needs no second factor and its session disturbs no person's. */
export type ClientCredentials = {
  readonly kind: 'client';
  readonly clientId: string;
  readonly clientSecret: Secret;
};

/** A code of VBR's `POST /api/oauth2/authorization_code`, asked for again at every login: a code works once. */
export type AuthorizationCodeCredentials = { readonly kind: 'authorizationCode'; readonly code: Secret };

/** A service token of the VBR platform. */
export type VbrTokenCredentials = { readonly kind: 'vbrToken'; readonly token: Secret };

/**
 * How a connection proves who it is. Secrets are asked for when they are needed, again at every login,
 * so that a changed password works without a restart.
 */
export type Credentials = PasswordCredentials | ClientCredentials;

/** The ways into VBR, which knows no client accounts. */
export type VbrCredentials = PasswordCredentials | AuthorizationCodeCredentials | VbrTokenCredentials;

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
  /** Connections kept for reads, and so the most reads at a time. Default 8. Commands use a connection of their own. */
  readonly connections?: number;
  /** Most items that a paged read collects. Default 5,000. */
  readonly items?: number;
  /** Failures to reach the server in a row after which it is left alone for a while. Default 5. */
  readonly circuitFailures?: number;
  /** How long it is left alone at first, doubled with each failed try, in milliseconds. Default 1,000. */
  readonly circuitOpenMs?: number;
  /** The longest time it is left alone, in milliseconds. Default 30,000. */
  readonly circuitMaxMs?: number;
};

/** Certificates (PEM), one or several. */
type Pem = string | readonly string[];

/** Which servers are trusted. Verification itself cannot be turned off. */
export type TlsOptions = {
  /** Trusted instead of the system's certificates: the server's issuer, or a self-signed certificate itself. */
  readonly ca?: Pem | undefined;
  /**
   * Public keys of which the server, or an issuer in its chain, must have one, in addition to what is verified anyway.
   * SHA-256 of the SubjectPublicKeyInfo: `sha256/<base64>`, or 64 hex digits.
   */
  readonly pins?: readonly string[] | undefined;
};

/** A proxy through which every connection to the server goes (HTTP CONNECT). Never taken from the environment. */
export type ProxyOptions = {
  /** Scheme, host and port only, e.g. `http://proxy.example:3128`. */
  readonly url: string;
  /** The whole value of Proxy-Authorization, e.g. `Basic …`; asked for at every connection. */
  readonly authorization?: Secret | undefined;
  /** For an https:// proxy: certificates (PEM) to trust instead of the system's. */
  readonly ca?: Pem | undefined;
};

/** What all clients need to know of a server. */
export type ConnectionOptions = {
  /** The name of the connection in the configuration, as errors show it. */
  readonly connection: string;
  /** Scheme, host and port only, e.g. `https://vro.example:9898`. */
  readonly url: string;
  readonly timeouts?: Timeouts;
  readonly limits?: Limits;
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** How the client names itself to the server (User-Agent). Default `muster`. */
  readonly clientName?: string | undefined;
};

/** Options with every default filled in. */
export type Settings = {
  readonly connection: string;
  readonly origin: string;
  readonly clientName: string;
  readonly timeouts: Required<Timeouts>;
  readonly limits: Required<Limits>;
  /** `pins` as `sha256/<base64>`; empty when nothing is pinned. */
  readonly tls: { readonly ca: string[] | undefined; readonly pins: readonly string[] };
  readonly proxy:
    | {
        readonly origin: string;
        readonly authorization: Secret | undefined;
        readonly ca: string[] | undefined;
      }
    | undefined;
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
  circuitFailures: 5,
  circuitOpenMs: 1_000,
  circuitMaxMs: 30_000,
};

/** What may stand in a User-Agent: product names, versions and comments. */
const CLIENT_NAME = /^[\w!#$%&'*+.^`|~/();:, -]{1,128}$/;

/** Checks the options as early as possible and fills in defaults. Throws veeam.badInput naming the option. */
export function settingsOf({
  connection,
  url,
  timeouts,
  limits,
  tls,
  proxy,
  clientName = 'muster',
}: ConnectionOptions): Settings {
  const origin = originOf(connection, 'url', url);
  if (!CLIENT_NAME.test(clientName)) {
    throw badOption(
      connection,
      'clientName must be 1 to 128 letters, digits, spaces or signs of a User-Agent',
    );
  }
  return {
    connection,
    origin,
    clientName,
    timeouts: positive(connection, 'timeouts', { ...DEFAULT_TIMEOUTS, ...timeouts }),
    limits: positive(connection, 'limits', { ...DEFAULT_LIMITS, ...limits }),
    tls: { ca: pemsOf(connection, 'tls.ca', tls?.ca), pins: pinsOf(connection, origin, tls?.pins ?? []) },
    proxy:
      proxy === undefined
        ? undefined
        : {
            origin: originOf(connection, 'proxy.url', proxy.url),
            authorization: proxy.authorization,
            ca: pemsOf(connection, 'proxy.ca', proxy.ca),
          },
  };
}

/** A veeam.badInput about an option, before any call is made. */
export function badOption(connection: string, detail: string): VeeamError {
  return new VeeamError('veeam.badInput', { connection, call: 'configure', changes: false }, { detail });
}

function originOf(connection: string, option: string, url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw badOption(connection, `${option} must begin with https:// (or http://)`);
  }
  // Anything after the port, and a user before the host, is a trap or a mistake. The URL itself is not
  // repeated in the message: it may hold a password.
  if (`${parsed.origin}/` !== parsed.href) {
    throw badOption(
      connection,
      `${option} must be scheme, host and port only, e.g. https://vro.example:9898`,
    );
  }
  return parsed.origin;
}

function pemsOf(connection: string, option: string, given: Pem | undefined): string[] | undefined {
  if (given === undefined) return undefined;
  const pems = typeof given === 'string' ? [given] : [...given];
  if (pems.length === 0 || !pems.every(isCertificate)) {
    throw badOption(connection, `${option} must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)`);
  }
  return pems;
}

function isCertificate(pem: string): boolean {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) return false;
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function pinsOf(connection: string, origin: string, given: readonly string[]): readonly string[] {
  if (given.length > 0 && !origin.startsWith('https:')) {
    throw badOption(connection, 'tls.pins needs a url with https://');
  }
  return given.map((text) => {
    const pin = pinFrom(text);
    if (pin === undefined) {
      throw badOption(
        connection,
        'tls.pins must be sha256/<base64> or 64 hex digits, each a SHA-256 of a public key',
      );
    }
    return pin;
  });
}

function positive<T extends Record<string, number>>(connection: string, option: string, numbers: T): T {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1) {
      throw badOption(connection, `${option}.${name} must be a whole number above 0`);
    }
  }
  return numbers;
}
