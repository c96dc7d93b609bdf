import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { RunbookText } from '../client/index.ts';
import { compileRunbook, createLibrary, readRunbookFile } from '../language/index.ts';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';
import { didYouMean } from '../model/suggest.ts';
import { fileNamed, isThere, namesIn } from './runbook-folder.ts';

/** A name that stands for a file in one of the runbook folders. */
const NAME = /^[\w-]+$/;

/**
 * Reads a runbook that is named by its path, or by its name when it lies in a runbook folder.
 *
 * @throws CliError `cli.runbookNotFound`; RunbookFileError
 */
export async function readRunbook(
  named: string,
  world: Pick<CliWorld, 'cwd' | 'runbookFolders'>,
): Promise<RunbookText> {
  const path = await findRunbook(named, world);
  const { text } = await readRunbookFile(path);
  const library = await librarySupporting(text, dirname(path));
  const isAlone = Object.keys(library).length === 0;
  return { text, file: shownPath(path, world.cwd), ...(isAlone ? {} : { library }) };
}

/** The texts of the runbooks that a runbook runs, as far as they stand beside it. */
async function librarySupporting(text: string, folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const tried = new Set<string>();
  for (;;) {
    const library = createLibrary(texts, () => '');
    compileRunbook({ text, file: '', library });
    const wanted = [...library.missing].filter((name) => !tried.has(name));
    if (wanted.length === 0) return texts;
    for (const name of wanted) {
      tried.add(name);
      const path = await fileNamed(name, folder);
      if (path !== undefined) texts[name] = (await readRunbookFile(path)).text;
    }
  }
}

async function findRunbook(
  named: string,
  { cwd, runbookFolders }: Pick<CliWorld, 'cwd' | 'runbookFolders'>,
): Promise<string> {
  const path = resolve(cwd, named);
  if (await isThere(path)) return path;
  if (NAME.test(named)) {
    for (const folder of runbookFolders) {
      const found = await fileNamed(named, folder);
      if (found !== undefined) return found;
    }
  }
  const known = (await Promise.all(runbookFolders.map(namesIn))).flat();
  const list =
    known.length === 0 ? undefined : `Runbooks that are there: ${[...new Set(known)].sort().join(', ')}.`;
  throw new CliError('cli.runbookNotFound', `There is no runbook ${named}: neither a file nor a name.`, {
    hint: didYouMean(named, known) ?? list,
  });
}

function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
