import { readFile } from 'node:fs/promises';
import { invalidConfig } from './config-error.ts';

/** Runbooks that have been reviewed: the SHA-256 of what each means, by name. */
export type Published = ReadonlyMap<string, string>;

const HEADER =
  '# Runbooks that may run live, by the SHA-256 of what they mean. `muster publish` writes it; review what it changes.\n';
const LINE = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*): ([0-9a-f]{64})$/;

/**
 * Reads `published.lock`. A file that is not there publishes nothing.
 *
 * @throws ConfigError `config.invalid` for a line that says something else, or that says the same twice
 */
export async function readPublished(file: string): Promise<Published> {
  const text = await textOf(file);
  const published = new Map<string, string>();
  const problems = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, name, digest] = LINE.exec(line.trimEnd()) ?? [];
    const at = { path: '', line: index + 1 };
    if (name === undefined || digest === undefined) {
      return [{ ...at, message: 'is no line of `muster publish`: a name, a colon and a SHA-256' }];
    }
    if (published.has(name)) return [{ ...at, message: `publishes ${name} twice; keep one of the lines` }];
    published.set(name, digest);
    return [];
  });
  if (problems.length > 0) throw invalidConfig(file, problems);
  return published;
}

/** The text of `published.lock`: always the same for the same runbooks. */
export function renderPublished(published: Published): string {
  const lines = [...published]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${name}: ${digest}\n`);
  return `${HEADER}${lines.join('')}`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw invalidConfig(file, [{ path: '', message: 'cannot be read' }], error);
  }
}
