import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What muster takes from the environment. This folder is the only one that reads it; everybody else is given this. */
export interface Environment {
  /** `MUSTER_TEMPORAL_CLI`: the Temporal CLI to use, and no other. */
  readonly temporalCli?: string;
  /** `PATH`, as the system spells it; empty when there is none. */
  readonly path: string;
  /** `MUSTER_CACHE`: where downloaded and built things are kept, instead of `.cache/` in the project. */
  readonly cacheDir?: string;
  /** `DATABASE_URL`: the PostgreSQL to use instead of the embedded one. It holds a password: for no log. */
  readonly databaseUrl?: string;
  /** `MUSTER_TOKEN`: an API token that commands use. A secret. */
  readonly token?: string;
  /** Where this account keeps its settings: `XDG_CONFIG_HOME`, or `.config` at home. */
  readonly settingsDir: string;
  /** `MUSTER_PERSON`: who acts, when `--as` does not say. */
  readonly person?: string;
  /** `NO_COLOR` is set to anything (https://no-color.org). */
  readonly noColor: boolean;
  /** `CI` is set, and not to `false` or `0`. */
  readonly ci: boolean;
  /** What `go` needs to find its caches and module proxies: handed on as it is, never read by muster. */
  readonly goProxyEnv: Readonly<Record<string, string>>;
}

/** Go's own variables, where its caches lie, and how the network is reached: all a build may depend on. */
const FOR_GO =
  /^(HOME|PATH|TMPDIR|TEMP|TMP|XDG_CACHE_HOME|XDG_CONFIG_HOME|USERPROFILE|LOCALAPPDATA|SYSTEMROOT|SSL_CERT_FILE|SSL_CERT_DIR|NETRC|(HTTP|HTTPS|NO|ALL)_PROXY|GO[A-Z0-9_]*|CGO_[A-Z_]+)$/i;

/** An empty variable says nothing, like one that is not set. */
const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === '' ? undefined : text));

const variables = z.looseObject({
  MUSTER_TEMPORAL_CLI: optionalText,
  MUSTER_CACHE: optionalText,
  MUSTER_PERSON: optionalText,
  DATABASE_URL: optionalText,
  MUSTER_TOKEN: optionalText,
  XDG_CONFIG_HOME: optionalText,
  PATH: z.string().default(''),
  NO_COLOR: optionalText,
  CI: optionalText,
});

/** Reads the environment once. Default: that of this process. The answer is frozen. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const read = variables.parse(env);
  return Object.freeze({
    ...(read.MUSTER_TEMPORAL_CLI !== undefined && { temporalCli: read.MUSTER_TEMPORAL_CLI }),
    path: read.PATH,
    ...(read.MUSTER_CACHE !== undefined && { cacheDir: read.MUSTER_CACHE }),
    ...(read.MUSTER_TOKEN !== undefined && { token: read.MUSTER_TOKEN }),
    settingsDir: read.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
    ...(read.DATABASE_URL !== undefined && { databaseUrl: read.DATABASE_URL }),
    ...(read.MUSTER_PERSON !== undefined && { person: read.MUSTER_PERSON }),
    noColor: read.NO_COLOR !== undefined,
    ci: read.CI !== undefined && !['false', '0'].includes(read.CI.toLowerCase()),
    goProxyEnv: Object.freeze(pick(env, FOR_GO)),
  });
}

function pick(env: Readonly<Record<string, string | undefined>>, names: RegExp): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && names.test(name)) picked[name] = value;
  }
  return picked;
}
