import type { ConfigProblem } from './config-error.ts';
import type { ParsedYaml } from './parse-yaml.ts';

/** A problem of a field, with its line and as a sentence. */
export function problemAt(
  path: readonly PropertyKey[],
  message: string,
  lineOf: ParsedYaml['lineOf'],
): ConfigProblem {
  const line = lineOf(path);
  return {
    path: path.map(String).join('.'),
    message: sentence(message),
    ...(line !== undefined && { line }),
  };
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
