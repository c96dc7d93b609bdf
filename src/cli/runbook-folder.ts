import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { foldedName, RunbookFileError } from '../language/index.ts';

const SUFFIXES = ['.yaml', '.yml'];

/**
 * The file of a runbook in a folder, by its exact name; undefined when there is none. The same on every machine: what
 * only a machine that ignores case would find is not found, and where one machine sees two files and another one, there
 * is no telling which is meant.
 *
 * @throws RunbookFileError `FILE_AMBIGUOUS`
 */
export async function fileNamed(name: string, folder: string): Promise<string | undefined> {
  const alike: string[] = [];
  for (const file of await filesIn(folder)) {
    if (foldedName(file) === foldedName(`${name}.yaml`) && (await isThere(join(folder, file)))) {
      alike.push(file);
    }
  }
  const [found, ...others] = alike.sort();
  if (found === undefined) return undefined;
  if (others.length > 0) {
    throw new RunbookFileError('FILE_AMBIGUOUS', join(folder, found), { detail: others.join(', ') });
  }
  return found.slice(0, -extname(found).length) === name ? join(folder, found) : undefined;
}

/** The names of the runbooks in a folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).map((file) => file.slice(0, -extname(file).length));
}

/** Whether there is a file. A folder called like a runbook is none; whether a file can be read is told when it is read. */
export async function isThere(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => SUFFIXES.includes(extname(file).toLowerCase()));
  } catch {
    return [];
  }
}
