/**
 * - `config.invalid`: the file cannot be read or says something wrong; `problems` has all of it.
 * - `config.secretUnavailable`: a secret is not where the configuration says.
 */
export type ConfigCode = 'config.invalid' | 'config.secretUnavailable';

/** One thing that is wrong in the configuration, and what to do. It never quotes a value: that may be a secret. */
export interface ConfigProblem {
  /** The field, e.g. `connections.dr-site.url`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** From 1, where it is known. */
  readonly line?: number;
}

/** Everything config throws. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigCode;
  readonly problems: readonly ConfigProblem[];

  constructor(
    code: ConfigCode,
    message: string,
    { problems = [], cause }: { problems?: readonly ConfigProblem[]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.problems = problems;
  }
}

/** A `config.invalid` with all problems of a file, one a line. */
export function invalidConfig(
  file: string,
  problems: readonly ConfigProblem[],
  cause?: unknown,
): ConfigError {
  const lines = problems.map(({ path, message, line }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return `${place}: ${path === '' ? '' : `${path}: `}${message}`;
  });
  return new ConfigError('config.invalid', lines.join('\n'), { problems, cause });
}
