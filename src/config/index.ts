export type {
  Config,
  ConnectionConfig,
  CredentialsConfig,
  HostPort,
  PersonConfig,
  SecretRef,
  SimulatorUrls,
  TemporalConfig,
} from './config.ts';
export { ConfigError, type ConfigCode, type ConfigProblem } from './config-error.ts';
export { readEnvironment, type Environment } from './environment.ts';
export { loadConfig } from './load-config.ts';
export { resolveSecret } from './resolve-secret.ts';
