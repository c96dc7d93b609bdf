import type { VbrConnection, VroConnection } from '../../activities/index.ts';
import { StepError } from '../../activities/index.ts';
import type { Config, ConnectionConfig } from '../config/index.ts';
import { createVbrClient, createVroClient, type Credentials } from '../veeam/index.ts';

/** The servers of the configuration, as the activities use them. One client each, for all runs of this worker. */
export interface Connections {
  vro(name: string | undefined): VroConnection;
  vbr(name: string | undefined): VbrConnection;
  close(): Promise<void>;
}

/** Opens a client for each connection; they connect at their first call. @throws VeeamError `veeam.badInput` */
export function openConnections(config: Config): Connections {
  const all = [...config.connections.values()];
  const vros = new Map(all.filter(({ kind }) => kind === 'vro').map((one) => [one.name, vroOf(config, one)]));
  const vbrs = new Map(all.filter(({ kind }) => kind === 'vbr').map((one) => [one.name, vbrOf(config, one)]));
  return {
    vro: (name) => found(vros, name, 'vro'),
    vbr: (name) => found(vbrs, name, 'vbr'),
    async close() {
      await Promise.all([...vros.values(), ...vbrs.values()].map(({ client }) => client.close()));
    },
  };
}

function vroOf(config: Config, one: ConnectionConfig): VroConnection {
  const { name, url, pollMs, effectLagMs } = one;
  const apiVersion = one.apiVersion as 'v7.21';
  const credentials = credentialsOf(config, one);
  return {
    name,
    pollMs,
    effectLagMs,
    client: createVroClient({ connection: name, url, apiVersion, credentials }),
  };
}

function vbrOf(config: Config, one: ConnectionConfig): VbrConnection {
  const { name, url, effectLagMs } = one;
  const apiVersion = one.apiVersion as '1.1-rev1';
  const credentials = credentialsOf(config, one);
  if (credentials.kind !== 'password') {
    throw new StepError('connection.unknown', `${name} needs a user name.`);
  }
  return { name, effectLagMs, client: createVbrClient({ connection: name, url, apiVersion, credentials }) };
}

function credentialsOf(config: Config, { credentials }: ConnectionConfig): Credentials {
  return 'username' in credentials
    ? {
        kind: 'password',
        username: credentials.username,
        password: () => config.secretOf(credentials.password),
      }
    : {
        kind: 'client',
        clientId: credentials.clientId,
        clientSecret: () => config.secretOf(credentials.clientSecret),
      };
}

function found<T>(connections: ReadonlyMap<string, T>, name: string | undefined, kind: string): T {
  const connection = connections.get(name ?? '');
  if (connection !== undefined) return connection;
  throw new StepError(
    'connection.unknown',
    `muster.yaml has no ${kind} connection "${name ?? ''}". Add it, or correct the runbook.`,
  );
}
