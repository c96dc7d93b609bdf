import { constants, open } from 'node:fs/promises';
import type { SecretRef } from './config.ts';
import { ConfigError } from './config-error.ts';

/** More is no password. */
const MAX_SECRET_BYTES = 64 * 1024;

/** The simulator's well-known password; it protects nothing. */
const SIMULATOR_PASSWORD = 'Password1';

/**
 * Reads the secret that a reference names. One line break at the end of a file is not part of the secret.
 *
 * @throws ConfigError `config.secretUnavailable`: it names the reference, never the value
 */
export async function resolveSecret(
  ref: SecretRef,
  environmentVariables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if ('wellKnown' in ref) return SIMULATOR_PASSWORD;
  if ('env' in ref) {
    const value = Object.hasOwn(environmentVariables, ref.env) ? environmentVariables[ref.env] : undefined;
    if (value === undefined || value === '') {
      throw unavailable(`the environment variable ${ref.env} is not set`, 'Set it where muster is started.');
    }
    return value;
  }
  const value = (await readSecretFile(ref.file)).replace(/\r?\n$/, '');
  if (value === '') throw unavailable(`the file ${ref.file} is empty`, 'Write the secret into it.');
  return value;
}

async function readSecretFile(path: string): Promise<string> {
  const advice = 'Give the path of a small text file that muster may read.';
  try {
    // Not blocking: opening a named pipe would wait for its writer forever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw unavailable(`${path} is no regular file`, advice);
      if (found.size > MAX_SECRET_BYTES) throw unavailable(`${path} is larger than a secret can be`, advice);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw unavailable(`the file ${path} cannot be read`, advice, cause);
  }
}

function unavailable(what: string, advice: string, cause?: unknown): ConfigError {
  return new ConfigError('config.secretUnavailable', `A secret is missing: ${what}. ${advice}`, { cause });
}
