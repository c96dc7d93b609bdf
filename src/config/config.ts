/** Everything muster is told by its configuration: read once, checked, frozen. */
export interface Config {
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly people: ReadonlyMap<string, PersonConfig>;
  /** Targets (`connection/kind/id or name`) that a drill may change without an approval. */
  readonly drill: { readonly allow: readonly string[] };
  /** Runbooks whose live runs need no approval. */
  readonly unattended: readonly string[];
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
  readonly kind: 'vro' | 'vbr';
  /** Scheme, host and port only. */
  readonly url: string;
  /** As the server spells it: `v7.21` (VRO), `1.1-rev1` (VBR). */
  readonly apiVersion: string;
  readonly credentials: CredentialsConfig;
  /** Pause between two looks at something that is under way. Default 5,000; for the simulator 250. */
  readonly pollMs: number;
  /** How late an effect may show after its request. Default 30,000; for the simulator 1,000. */
  readonly effectLagMs: number;
}

export type CredentialsConfig =
  | { readonly username: string; readonly password: SecretRef }
  | { readonly clientId: string; readonly clientSecret: SecretRef };

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
  /** Present: TLS is on. Paths of PEM files; `cert` and `key` come together. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly apiKey?: SecretRef;
}

/** Where the embedded simulator listens: scheme, host and port. `app` is the application that checks look at. */
export interface SimulatorUrls {
  readonly vro: string;
  readonly vbr: string;
  readonly app: string;
}
