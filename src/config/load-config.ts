import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type {
  Config,
  ConnectionConfig,
  CredentialsConfig,
  HostPort,
  LedgerConfig,
  ProxyConfig,
  SecretsConfig,
  ServerConfig,
  SimulatorUrls,
  TemporalConfig,
  VaultConfig,
} from './config.ts';
import { channelProblems } from './channel-problems.ts';
import { channelConfigOf, notificationsOf } from './channels.ts';
import { invalidConfig } from './config-error.ts';
import { hostPortOf, parseHostPorts } from './host-port.ts';
import { located } from './located.ts';
import { parseYaml } from './parse-yaml.ts';
import { personOf, signInOf } from './people.ts';
import { problemsOf, referenceProblems } from './problems.ts';
import { readPublished } from './published-lock.ts';
import { resolveSecret } from './resolve-secret.ts';
import { defaultApiVersion, rawConfig, SIMULATOR, type RawConfig } from './schema.ts';
import { signInProblems } from './sign-in-problems.ts';

type RawConnection = RawConfig['connections'][string];
type RawTemporal = NonNullable<RawConfig['temporal']>;

/** A host that cannot exist (RFC 2606): whoever only reads names needs no simulator, whoever calls it is told. */
export const NO_SIMULATOR = 'http://simulator.invalid';

/** The simulator answers at once and costs nothing to ask. */
const SIMULATOR_TIMES = { pollMs: 250, effectLagMs: 1_000 };
const DEFAULT_TIMES = { pollMs: 5_000, effectLagMs: 30_000 };

const SIMULATOR_ACCOUNT = { username: 'administrator', password: { wellKnown: SIMULATOR } } as const;

/**
 * Reads `muster.yaml`. Relative paths in it start at its folder. Secrets are not read here, so that commands which need
 * none work without them.
 *
 * @param options.environmentVariables where secrets by `env` are; default: those of this process
 * @param options.simulatorUrls where the embedded simulator listens. Without it `url: simulator` becomes an address
 *   that nobody has, and `checks.allow: [simulator]` nothing
 * @throws ConfigError `config.invalid` with all problems at once; also for the lock of published runbooks
 */
export async function loadConfig({
  file,
  environmentVariables = process.env,
  simulatorUrls,
}: {
  readonly file: string;
  readonly environmentVariables?: Readonly<Record<string, string | undefined>>;
  readonly simulatorUrls?: SimulatorUrls;
}): Promise<Config> {
  const { value, problems, lineOf } = parseYaml(await readText(file));
  if (problems.length > 0) throw invalidConfig(file, problems);
  const read = rawConfig.safeParse(value ?? {});
  const found = [
    ...(read.success ? [] : problemsOf(read.error.issues, lineOf)),
    ...referenceProblems(value, lineOf),
    ...signInProblems(value, lineOf),
    ...channelProblems(value, lineOf),
  ];
  if (!read.success || found.length > 0) throw invalidConfig(file, found, read.error);

  const raw = read.data;
  const fromHere = (path: string): string => resolve(dirname(file), path);
  return deepFreeze({
    connections: mapValues(raw.connections, (name, each) =>
      connectionOf(name, each, { simulatorUrls, fromHere }),
    ),
    people: mapValues(raw.people, (id, each) => personOf(id, each, fromHere)),
    signIn: signInOf(raw.signIn, fromHere),
    drill: raw.drill,
    unattended: raw.unattended,
    emergency: { spoken: raw.emergency.spoken, breakGlass: raw.emergency.breakGlass },
    ...(raw.emergency.writeAhead !== undefined && {
      writeAhead: { folder: fromHere(raw.emergency.writeAhead.folder) },
    }),
    ledger: ledgerOf(raw.ledger, fromHere),
    retention: raw.retention,
    ...(raw.published !== undefined && { published: await readPublished(fromHere(raw.published)) }),
    checks: { allow: raw.checks.allow.flatMap((place) => placesOf(place, simulatorUrls)) },
    channels: mapValues(raw.channels, (name, each) => channelConfigOf(name, each, fromHere)),
    notifications: notificationsOf(raw.notifications),
    server: serverOf(raw.server, fromHere),
    ...(raw.temporal !== undefined && { temporal: temporalOf(raw.temporal, fromHere) }),
    secrets: secretsOf(raw.secrets, fromHere),
    secretOf: async (ref) => resolveSecret(ref, environmentVariables),
  });
}

function ledgerOf(
  { origin, witnesses }: RawConfig['ledger'],
  fromHere: (path: string) => string,
): LedgerConfig {
  return {
    origin,
    witnesses: witnesses.map((witness) =>
      'folder' in witness ? { ...witness, folder: fromHere(witness.folder) } : witness,
    ),
  };
}

function secretsOf(
  { key, reveals, vault, recoveryTokens }: RawConfig['secrets'],
  fromHere: (path: string) => string,
): SecretsConfig {
  return {
    reveals,
    ...(key !== undefined && { keys: key.map((ref) => located(ref, fromHere)) }),
    ...(vault !== undefined && { vault: vaultOf(vault, fromHere) }),
    ...(recoveryTokens !== undefined && { folderBefore: fromHere(recoveryTokens.folder) }),
  };
}

function vaultOf(
  { url, token, ca, ...place }: NonNullable<RawConfig['secrets']['vault']>,
  fromHere: (path: string) => string,
): VaultConfig {
  return {
    ...place,
    url: new URL(url).origin,
    token: located(token, fromHere),
    ...(ca !== undefined && { ca: ca.map(fromHere) }),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message =
      'cannot be read. Give the path of the configuration, or copy muster.yaml from the project.';
    throw invalidConfig(file, [{ path: '', message }], cause);
  }
}

function connectionOf(
  name: string,
  raw: RawConnection,
  {
    simulatorUrls,
    fromHere,
  }: { simulatorUrls: SimulatorUrls | undefined; fromHere: (path: string) => string },
): ConnectionConfig {
  const { kind, url, credentials = SIMULATOR_ACCOUNT } = raw;
  const isSimulator = url === SIMULATOR;
  const times = isSimulator ? SIMULATOR_TIMES : DEFAULT_TIMES;
  return {
    name,
    kind,
    ...(isSimulator && { isSimulator }),
    url: isSimulator ? (simulatorUrls?.[kind] ?? NO_SIMULATOR) : new URL(url).origin,
    apiVersion: raw.apiVersion ?? defaultApiVersion(kind),
    credentials: credentialsOf(credentials, fromHere),
    ...(raw.tls !== undefined && { tls: { ca: raw.tls.ca.map(fromHere), pins: raw.tls.pins } }),
    ...(raw.proxy !== undefined && { proxy: proxyOf(raw.proxy, fromHere) }),
    ...(raw.clientName !== undefined && { clientName: raw.clientName }),
    ...(raw.states !== undefined && { states: raw.states }),
    pollMs: raw.poll ?? times.pollMs,
    effectLagMs: raw.effectLag ?? times.effectLagMs,
  };
}

function credentialsOf(raw: CredentialsConfig, fromHere: (path: string) => string): CredentialsConfig {
  if ('clientId' in raw) {
    return { clientId: raw.clientId, clientSecret: located(raw.clientSecret, fromHere) };
  }
  const { username, password, totp } = raw;
  return {
    username,
    password: located(password, fromHere),
    ...(totp !== undefined && { totp: located(totp, fromHere) }),
  };
}

function proxyOf(
  { url, authorization }: NonNullable<RawConnection['proxy']>,
  fromHere: (path: string) => string,
): ProxyConfig {
  return {
    url: new URL(url).origin,
    ...(authorization !== undefined && { authorization: located(authorization, fromHere) }),
  };
}

function temporalOf(raw: RawTemporal, fromHere: (path: string) => string): TemporalConfig {
  const { address, namespace, tls, apiKey } = raw;
  const { serverName, ...files } = typeof tls === 'boolean' ? {} : tls;
  return {
    address,
    namespace,
    ...(tls !== false && {
      tls: {
        ...Object.fromEntries(Object.entries(files).map(([use, path]) => [use, fromHere(path)])),
        ...(serverName !== undefined && { serverName }),
      },
    }),
    ...(apiKey !== undefined && { apiKey: located(apiKey, fromHere) }),
  };
}

function serverOf({ tls, ...raw }: RawConfig['server'], fromHere: (path: string) => string): ServerConfig {
  return { ...raw, ...(tls !== undefined && { tls: { cert: fromHere(tls.cert), key: fromHere(tls.key) } }) };
}

function placesOf(place: string, simulatorUrls: SimulatorUrls | undefined): readonly HostPort[] {
  if (place === SIMULATOR) return simulatorUrls === undefined ? [] : [hostPortOf(simulatorUrls.app)];
  return parseHostPorts(place) ?? [];
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  convert: (key: string, value: From) => To,
): ReadonlyMap<string, To> {
  return new Map(Object.entries(record).map(([key, value]) => [key, convert(key, value)]));
}

function deepFreeze(value: Config): Config {
  const freeze = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return;
    for (const child of each instanceof Map ? each.values() : Object.values(each)) freeze(child);
    Object.freeze(each);
  };
  freeze(value);
  return value;
}
