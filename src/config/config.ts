import type { Published } from './published-lock.ts';

/** Everything muster is told by its configuration: read once, checked, frozen. */
export interface Config {
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly people: ReadonlyMap<string, PersonConfig>;
  /** Targets (`connection/kind/id or name`) that a drill may change without an approval. */
  readonly drill: { readonly allow: readonly string[] };
  /** Runbooks whose live runs need no approval. */
  readonly unattended: readonly string[];
  /** Reviewed runbooks, the only ones that may run live: SHA-256 by name. Absent: live runs need no review. */
  readonly published?: Published;
  /** The only places that checks may reach. */
  readonly checks: { readonly allow: readonly HostPort[] };
  /** The Temporal cluster to use; absent: the embedded stack. */
  readonly temporal?: TemporalConfig;
  /** Where issued recovery tokens go; absent: below muster's data folder. */
  readonly recoveryTokens?: { readonly folder: string };
  /**
   * Reads a secret that the configuration refers to, each time anew.
   *
   * @throws ConfigError `config.secretUnavailable`
   */
  readonly secretOf: (ref: SecretRef) => Promise<string>;
}

/** A Veeam server. */
export interface ConnectionConfig {
  readonly name: string;
  readonly kind: ServerKind;
  /** `url: simulator`: the simulator of the embedded stack, no real server. Default false. */
  readonly isSimulator?: boolean;
  /** Scheme, host and port only. */
  readonly url: string;
  /** As the server spells it: `v7.21` (VRO), `1.1-rev1` (VBR), `v2.3` (Veeam ONE). */
  readonly apiVersion: string;
  readonly credentials: CredentialsConfig;
  readonly tls?: TlsConfig;
  readonly proxy?: ProxyConfig;
  /** What the server's log shows as the caller. Default `muster`. */
  readonly clientName?: string;
  /** State codes of VRO that muster does not know, or knows wrongly, by where a plan stands then. */
  readonly states?: Readonly<Record<string, string>>;
  /** Pause between two looks at something that is under way. Default 5,000; for the simulator 250. */
  readonly pollMs: number;
  /** How late an effect may show after its request. Default 30,000; for the simulator 1,000. */
  readonly effectLagMs: number;
}

/** The three Veeam products: Recovery Orchestrator, Backup & Replication, Veeam ONE. */
export type ServerKind = 'vro' | 'vbr' | 'one';

/** `totp`: the base32 secret of the second factor, where VRO asks for one. */
export type CredentialsConfig =
  | { readonly username: string; readonly password: SecretRef; readonly totp?: SecretRef }
  | { readonly clientId: string; readonly clientSecret: SecretRef };

/** What is trusted beyond the system's own certificates. Verification itself cannot be turned off. */
export interface TlsConfig {
  /** PEM files of the authorities to trust instead of the system's. */
  readonly ca: readonly string[];
  /** `sha256/<base64>` of the public keys of which the server must show one. */
  readonly pins: readonly string[];
}

/** The HTTP proxy that a server is reached through. */
export interface ProxyConfig {
  readonly url: string;
  /** The whole value of `Proxy-Authorization`, e.g. `Basic …`. */
  readonly authorization?: SecretRef;
}

/** Where a secret is: the configuration never holds one. `wellKnown`: the simulator's own, which is no secret. */
export type SecretRef =
  { readonly env: string } | { readonly file: string } | { readonly wellKnown: 'simulator' };

export interface PersonConfig {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** A place on the network. `host` as URLs have it: lower case, IPv6 without brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface TemporalConfig {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /**
   * Present: TLS is on. Paths of PEM files; `cert` and `key` come together. `serverName`: whom the server's certificate
   * is for, when that is not the host of the address.
   */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
  readonly apiKey?: SecretRef;
}

/** Where the embedded simulator listens: scheme, host and port. `app` is the application that checks look at. */
export interface SimulatorUrls {
  readonly vro: string;
  readonly vbr: string;
  readonly one: string;
  readonly app: string;
}
