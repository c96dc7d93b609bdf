import { extname, resolve } from 'node:path';
import { isTyped } from '../client/typed-text.ts';
import { readRunbookFile, RunbookFileError } from '../language/index.ts';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';
import { CsvError, readCsv } from './csv.ts';

const PAIR = /^([A-Za-z]\w*)=(.*)$/s;

/**
 * Reads `name=value` pairs. Values stay texts: the runbook says what type they are. `@FILE.csv` and `@FILE.json` stand
 * for what is in the file; a text that begins with `@` is written `@@…`.
 *
 * @throws CliError `cli.inputMalformed`
 */
export async function readInputs(
  pairs: readonly string[],
  { cwd }: Pick<CliWorld, 'cwd'>,
): Promise<Readonly<Record<string, unknown>>> {
  const inputs = new Map<string, unknown>();
  for (const pair of pairs) {
    const [, name, value] = PAIR.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new CliError('cli.inputMalformed', `\`${pair}\` is no input.`, {
        hint: 'Write -i name=value, one -i each.',
      });
    }
    if (inputs.has(name)) {
      throw new CliError('cli.inputMalformed', `The input ${name} is given twice.`, {
        hint: 'Give it once.',
      });
    }
    inputs.set(name, value.startsWith('@') ? await fromFile(value.slice(1), name, cwd) : value);
  }
  const read = Object.fromEntries(inputs);
  if (!isTyped(read)) {
    throw new CliError('cli.inputMalformed', 'An input holds a control character, which nobody can see.', {
      hint: 'Take it out; tabs and line breaks may stay.',
    });
  }
  return read;
}

async function fromFile(named: string, input: string, cwd: string): Promise<unknown> {
  if (named.startsWith('@')) return named;
  const read = READERS[extname(named).toLowerCase()];
  if (read === undefined) {
    throw new CliError('cli.inputMalformed', `${input}: @${named} names no .csv or .json file.`, {
      hint: `For a text that begins with @, write -i ${input}=@@…`,
    });
  }
  try {
    const { text } = await readRunbookFile(resolve(cwd, named));
    return read(text);
  } catch (error) {
    throw new CliError('cli.inputMalformed', `${input}: ${named} cannot be taken: ${reasonOf(error)}.`);
  }
}

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  '.csv': readCsv,
  '.json': (text) => JSON.parse(text) as unknown,
};

function reasonOf(error: unknown): string {
  if (error instanceof CsvError) return `line ${error.line}: ${error.message}`;
  if (error instanceof RunbookFileError) return FILE_REASONS[error.code];
  if (error instanceof SyntaxError) return `it is no JSON (${error.message})`;
  throw error;
}

const FILE_REASONS: Readonly<Record<RunbookFileError['code'], string>> = {
  FILE_NOT_FOUND: 'there is no such file',
  FILE_NOT_REGULAR: 'it is no regular file',
  FILE_UNREADABLE: 'it cannot be read',
  FILE_TOO_LARGE: 'it is larger than 256 KB',
  FILE_NOT_UTF8: 'it is not written in UTF-8',
  FILE_AMBIGUOUS: 'another file beside it has the same name',
};
