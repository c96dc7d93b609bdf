import { readFileSync } from 'node:fs';
import {
  createPlanPoller,
  StepError,
  type OneConnection,
  type VbrConnection,
  type VroConnection,
} from '../../activities/index.ts';
import type { PlanPosition } from '../catalog/index.ts';
import { ConfigError, type Config, type ConnectionConfig, type ServerKind } from '../config/index.ts';
import {
  createOneClient,
  createVbrClient,
  createVroClient,
  type ConnectionOptions,
  type Credentials,
  type PasswordCredentials,
} from '../veeam/index.ts';

/** The servers of the configuration, as the activities use them. One client each, for all runs of this worker. */
export interface Connections {
  vro(name: string | undefined): VroConnection;
  vbr(name: string | undefined): VbrConnection;
  one(name: string | undefined): OneConnection;
  close(): Promise<void>;
}

/**
 * Opens a client for each connection; they connect at their first call.
 *
 * @throws VeeamError `veeam.badInput` for options that cannot work; ConfigError `config.secretUnavailable` for a
 *   certificate file that cannot be read
 */
export function openConnections(config: Config): Connections {
  const all = [...config.connections.values()];
  const ofKind = <T>(kind: ServerKind, open: (config: Config, one: ConnectionConfig) => T): Map<string, T> =>
    new Map(all.filter((one) => one.kind === kind).map((one) => [one.name, open(config, one)]));
  const vros = ofKind('vro', vroOf);
  const vbrs = ofKind('vbr', vbrOf);
  const ones = ofKind('one', oneOf);
  return {
    vro: (name) => found(vros, name, 'vro'),
    vbr: (name) => found(vbrs, name, 'vbr'),
    one: (name) => found(ones, name, 'one'),
    async close() {
      const open = [...vros.values(), ...vbrs.values(), ...ones.values()];
      await Promise.all(open.map(({ client }) => client.close()));
    },
  };
}

function vroOf(config: Config, one: ConnectionConfig): VroConnection {
  const { name, pollMs, effectLagMs, states = {} } = one;
  const client = createVroClient({
    ...serverOptions(config, one),
    apiVersion: one.apiVersion as 'v7.21',
    credentials: credentialsOf(config, one),
  });
  const poller = createPlanPoller();
  // The configuration's own table of positions is the catalog's; its schema has checked the values.
  return { name, pollMs, effectLagMs, client, poller, states: states as Record<string, PlanPosition> };
}

function vbrOf(config: Config, one: ConnectionConfig): VbrConnection {
  const { name, pollMs, effectLagMs } = one;
  const { host } = new URL(one.url);
  const client = createVbrClient({
    ...serverOptions(config, one),
    apiVersion: one.apiVersion as '1.1-rev1',
    credentials: passwordOf(config, one),
  });
  return { name, host, pollMs, effectLagMs, client };
}

function oneOf(config: Config, one: ConnectionConfig): OneConnection {
  const { name, pollMs, effectLagMs } = one;
  const client = createOneClient({
    ...serverOptions(config, one),
    apiVersion: one.apiVersion as 'v2.3',
    credentials: passwordOf(config, one),
  });
  return { name, pollMs, effectLagMs, client };
}

/**
 * How a server is reached, in the words of the clients.
 *
 * @throws ConfigError `config.secretUnavailable` for a certificate file that cannot be read
 */
export function serverOptions(
  config: Config,
  { name, url, tls, proxy, clientName }: ConnectionConfig,
): ConnectionOptions {
  const authorization = proxy?.authorization;
  return {
    connection: name,
    url,
    ...(clientName === undefined ? {} : { clientName }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca.length === 0 ? {} : { ca: tls.ca.map((file) => certificatesIn(name, file)) }),
            pins: tls.pins,
          },
        }),
    ...(proxy === undefined
      ? {}
      : {
          proxy: {
            url: proxy.url,
            ...(authorization === undefined ? {} : { authorization: () => config.secretOf(authorization) }),
          },
        }),
  };
}

function certificatesIn(connection: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      'config.secretUnavailable',
      `The certificates of ${connection} cannot be read: ${file}. Correct tls.ca in muster.yaml, or put the PEM file there.`,
      { cause },
    );
  }
}

/** As whom a server is asked; only VRO knows client accounts. */
export function credentialsOf(config: Config, one: ConnectionConfig): Credentials {
  const { credentials } = one;
  if ('username' in credentials) return passwordOf(config, one);
  const { clientId, clientSecret } = credentials;
  return { kind: 'client', clientId, clientSecret: () => config.secretOf(clientSecret) };
}

/** As {@link credentialsOf}, for VBR and Veeam ONE. */
export function passwordOf(config: Config, { name, credentials }: ConnectionConfig): PasswordCredentials {
  if (!('username' in credentials)) {
    throw new StepError('connection.unknown', `${name} needs a user name.`);
  }
  const { username, password, totp } = credentials;
  return {
    kind: 'password',
    username,
    password: () => config.secretOf(password),
    ...(totp === undefined ? {} : { totp: () => config.secretOf(totp) }),
  };
}

function found<T>(connections: ReadonlyMap<string, T>, name: string | undefined, kind: ServerKind): T {
  const connection = connections.get(name ?? '');
  if (connection !== undefined) return connection;
  throw new StepError(
    'connection.unknown',
    `muster.yaml has no ${kind} connection "${name ?? ''}". Add it, or correct the runbook.`,
  );
}
