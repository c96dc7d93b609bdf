import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { readRunbookFile } from '../language/index.ts';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';
import { didYouMean } from './suggest.ts';

/** A name that stands for a file in one of the runbook folders. */
const NAME = /^[\w-]+$/;
const SUFFIXES = ['.yaml', '.yml'];

/**
 * Reads a runbook that is named by its path, or by its name when it lies in a runbook folder.
 *
 * @throws CliError `cli.runbookNotFound`; RunbookFileError
 */
export async function readRunbook(
  named: string,
  world: Pick<CliWorld, 'cwd' | 'runbookFolders'>,
): Promise<{ readonly file: string; readonly text: string }> {
  const path = await findRunbook(named, world);
  const { text } = await readRunbookFile(path);
  return { text, file: shownPath(path, world.cwd) };
}

async function findRunbook(
  named: string,
  { cwd, runbookFolders }: Pick<CliWorld, 'cwd' | 'runbookFolders'>,
): Promise<string> {
  const path = resolve(cwd, named);
  if (await exists(path)) return path;
  if (NAME.test(named)) {
    for (const folder of runbookFolders) {
      for (const suffix of SUFFIXES) {
        const inFolder = join(folder, `${named}${suffix}`);
        if (await exists(inFolder)) return inFolder;
      }
    }
  }
  const known = (await Promise.all(runbookFolders.map(namesIn))).flat();
  const list =
    known.length === 0 ? undefined : `Runbooks that are there: ${[...new Set(known)].sort().join(', ')}.`;
  throw new CliError('cli.runbookNotFound', `There is no runbook ${named}: neither a file nor a name.`, {
    hint: didYouMean(named, known) ?? list,
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    // A folder called like a runbook is none; whether a file can be read is told when it is read.
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.flatMap((file) =>
      SUFFIXES.filter((end) => file.endsWith(end)).map((end) => file.slice(0, -end.length)),
    );
  } catch {
    return [];
  }
}

function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
