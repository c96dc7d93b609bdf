import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TLSConfig } from '@temporalio/client';
import { ConfigError, type Config, type TemporalConfig } from '../config/index.ts';

/** Where runs live: a server of the configuration, or the embedded one, which needs neither `tls` nor `apiKey`. */
export interface TemporalPlace extends TemporalConfig {
  /** Where runs are started. Default `muster`. */
  readonly taskQueue?: string;
}

/** How Temporal is reached, in the words of its client and of its worker alike. */
export interface TemporalOptions {
  /** `host:port`. */
  readonly address: string;
  readonly tls?: TLSConfig;
  readonly apiKey?: string;
}

/**
 * Reads what a connection to Temporal needs. Every connection is opened with it: of the commands, the worker and the
 * doctor.
 *
 * @throws ConfigError `config.secretUnavailable` for a key or a PEM file that cannot be read or used
 */
export async function temporalOptions(
  { address, tls, apiKey }: TemporalPlace,
  { secretOf }: Pick<Config, 'secretOf'>,
): Promise<TemporalOptions> {
  return {
    address,
    ...(tls === undefined ? {} : { tls: await tlsOptions(tls) }),
    ...(apiKey === undefined ? {} : { apiKey: await secretOf(apiKey) }),
  };
}

async function tlsOptions({
  ca,
  cert,
  key,
  serverName,
}: NonNullable<TemporalConfig['tls']>): Promise<TLSConfig> {
  const authority = ca === undefined ? undefined : await pemFile('ca', ca);
  // They come together: the configuration's schema has seen to it.
  const pair =
    cert === undefined || key === undefined
      ? undefined
      : { crt: await pemFile('cert', cert), key: await pemFile('key', key) };
  // Temporal's clients say of a bad file only that they cannot connect.
  if (authority !== undefined) {
    usable(`${ca} holds no certificate. Give tls.ca as a PEM file.`, () => new X509Certificate(authority));
  }
  if (pair !== undefined) {
    usable(`${cert} and ${key} are no certificate and its key. Give both as PEM files.`, () =>
      createSecureContext({ cert: pair.crt, key: pair.key }),
    );
  }
  return {
    ...(authority === undefined ? {} : { serverRootCACertificate: authority }),
    ...(pair === undefined ? {} : { clientCertPair: pair }),
    ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
  };
}

async function pemFile(field: 'ca' | 'cert' | 'key', file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unusable(
      `the file ${file} cannot be read. Correct tls.${field}, or put the PEM file there.`,
      cause,
    );
  }
}

/** @throws ConfigError with `says` when Node can make nothing of it */
function usable(says: string, tryIt: () => unknown): void {
  try {
    tryIt();
  } catch (cause) {
    throw unusable(says, cause);
  }
}

function unusable(says: string, cause: unknown): ConfigError {
  const message = `Temporal cannot be reached as muster.yaml says: ${says}`;
  return new ConfigError('config.secretUnavailable', message, { cause });
}
