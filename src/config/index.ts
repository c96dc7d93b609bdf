export type { ChannelConfig, EmailChannelConfig, NotificationsConfig } from './channels.ts';
export type {
  Config,
  ConnectionConfig,
  CredentialsConfig,
  HostPort,
  LedgerConfig,
  OidcConfig,
  PersonConfig,
  ProxyConfig,
  RetentionConfig,
  SecretRef,
  SecretsConfig,
  ServerKind,
  SignInConfig,
  SimulatorUrls,
  TemporalConfig,
  TlsConfig,
  VaultConfig,
  WitnessConfig,
} from './config.ts';
export { ConfigError, type ConfigCode, type ConfigProblem } from './config-error.ts';
export { readEnvironment, type Environment } from './environment.ts';
export { readPublished, renderPublished, type Published } from './published-lock.ts';
export { loadConfig, NO_SIMULATOR } from './load-config.ts';
export { resolveSecret } from './resolve-secret.ts';
