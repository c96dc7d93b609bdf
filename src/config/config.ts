import type { Grant, PersonKind } from '../model/actor.ts';
import type { EmergencyRules } from '../model/emergency.ts';
import type { ChannelConfig, NotificationsConfig } from './channels.ts';
import type { Published } from './published-lock.ts';

/** Everything muster is told by its configuration: read once, checked, frozen. */
export interface Config {
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly people: ReadonlyMap<string, PersonConfig>;
  readonly signIn: SignInConfig;
  /** Targets (`connection/kind/id or name`) that a drill may change without an approval. */
  readonly drill: { readonly allow: readonly string[] };
  /** Runbooks whose live runs need no approval. */
  readonly unattended: readonly string[];
  /** For which runbooks people may answer otherwise than by themselves and together. Default none. */
  readonly emergency: EmergencyRules;
  /** Where a worker of live runs writes while the store is away. Absent: then nothing is sent. */
  readonly writeAhead?: { readonly folder: string };
  readonly ledger: LedgerConfig;
  /** Reviewed runbooks, the only ones that may run live: SHA-256 by name. Absent: live runs need no review. */
  readonly published?: Published;
  /** The only places that checks may reach. */
  readonly checks: { readonly allow: readonly HostPort[] };
  /** The ways to tell people. */
  readonly channels: ReadonlyMap<string, ChannelConfig>;
  /** Who is told of what. */
  readonly notifications: NotificationsConfig;
  /** Where the API and the pages are. */
  readonly retention: RetentionConfig;
  readonly server: ServerConfig;
  /** The Temporal cluster to use; absent: the embedded stack. */
  readonly temporal?: TemporalConfig;
  readonly secrets: SecretsConfig;
  /**
   * Reads a secret that the configuration refers to, each time anew.
   *
   * @throws ConfigError `config.secretUnavailable`
   */
  readonly secretOf: (ref: SecretRef) => Promise<string>;
}

/** What becomes of secrets that runs are given. */
export interface SecretsConfig {
  /** The keys that seal them, the newest first; absent: a file in the data folder. */
  readonly keys?: readonly SecretRef[];
  /** How often each may be revealed. */
  readonly reveals: number;
  /** HashiCorp Vault, which keeps them instead. */
  readonly vault?: VaultConfig;
  /** Where versions of before put issued tokens; what lies there is taken over. Absent: below muster's data folder. */
  readonly folderBefore?: string;
}

/** Where in Vault: a KV version 2 at `mount`, everything below `path`. */
export interface VaultConfig {
  readonly url: string;
  readonly mount: string;
  readonly path: string;
  readonly token: SecretRef;
  readonly namespace?: string;
  /** PEM files of the authorities to trust instead of the system's. */
  readonly ca?: readonly string[];
}

/** How long what is recorded is kept, in milliseconds; absent: for ever. */
export interface RetentionConfig {
  readonly runs?: number;
  readonly refusals?: number;
  readonly identity?: number;
  /** So many of the newest drills of each runbook stay, whatever their age. */
  readonly drills: number;
  /** Whether the stack removes by itself what is old enough. Otherwise an admin does (`muster ledger prune`). */
  readonly automatic: boolean;
}

/** The record that nobody can change quietly. */
export interface LedgerConfig {
  /** Its name, in every checkpoint. It never changes. */
  readonly origin: string;
  /** Who remembers the newest checkpoint elsewhere, with the keys that are believed. */
  readonly witnesses: readonly WitnessConfig[];
}

export type WitnessConfig =
  | { readonly folder: string; readonly keys: readonly [string, ...string[]] }
  | { readonly url: string; readonly keys: readonly [string, ...string[]] };

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

/** Where the API and the pages are. */
export interface ServerConfig {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  /** Scheme, host and port that people type; absent: where it listens. */
  readonly publicUrl?: string;
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A proxy with TLS stands before it, whose word about addresses is taken. */
  readonly behindProxy: boolean;
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

/** Somebody the configuration knows. */
export interface PersonConfig {
  readonly id: string;
  readonly name: string;
  readonly kind: PersonKind;
  readonly grants: readonly Grant[];
  /** The roles held for every runbook. `rolesFor(grants, runbook)` has those for one runbook. */
  readonly roles: readonly string[];
  /** As `hashPassword` makes it. */
  readonly passwordHash?: string;
  /** The base32 secret of the second factor. */
  readonly totp?: SecretRef;
  /** The account at the identity provider that is the same person; `none`: there is none. */
  readonly oidc?: { readonly subject: string } | 'none';
}

/** How people prove who they are. */
export interface SignInConfig {
  /** People are who they say. Only where every connection is the simulator. */
  readonly trustLocal: boolean;
  readonly oidc?: OidcConfig;
}

/** The identity provider (OpenID Connect). */
export interface OidcConfig {
  /** As the provider spells it, letter by letter. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, by PKCE alone. */
  readonly clientSecret?: SecretRef;
  readonly scopes: readonly string[];
  /** The claim that has the groups. */
  readonly groupsClaim: string;
  /** What each group gives. */
  readonly roles: ReadonlyMap<string, readonly Grant[]>;
  /** The claim that people know each other by; where it is missing, `sub` is shown. It identifies nobody. */
  readonly personClaim: string;
  /** How far the provider's clock may be off. */
  readonly clockToleranceMs: number;
  /** Each vote needs a fresh login whose nonce is what the vote says. */
  readonly freshVotes: boolean;
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
