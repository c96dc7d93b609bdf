import { dirname, basename, extname } from 'node:path';
import { diagnosticAt, type Diagnostic } from './diagnostics.ts';

/** A file that was read, and what the runbook in it calls itself where it could be compiled. */
export interface NamedFile {
  readonly file: string;
  readonly name?: string | undefined;
}

/**
 * The name of a file as the most forgiving machine compares it: some ignore case, some write accents in another way, and
 * `a.yaml` and `a.yml` answer to the same runbook.
 */
export function foldedName(file: string): string {
  return basename(file, extname(file)).normalize('NFC').toLowerCase();
}

/**
 * Files that cannot lie side by side, and runbooks that call themselves alike, each told at every file it concerns.
 *
 * @param anywhere runbooks may not be called alike even in different folders
 */
export function nameClashes(
  files: readonly NamedFile[],
  { anywhere = false }: { readonly anywhere?: boolean } = {},
): readonly Diagnostic[] {
  const all = [...new Map(files.map((one) => [one.file, one])).values()];
  const inFolder = (one: NamedFile, key: string): string => `${dirname(one.file)}\0${key}`;
  const byFile = groupsOf(all, (one) => inFolder(one, foldedName(one.file)));
  const byName = groupsOf(all, (one) =>
    one.name === undefined ? undefined : anywhere ? one.name : inFolder(one, one.name),
  );
  return all.flatMap((one) => {
    const sameFile = othersThan(one, byFile);
    if (sameFile.length > 0) {
      const message = `${sameFile.join(' and ')} beside it has the same name but for case, accents or ending.`;
      return [clash(one, message, 'Rename one of them: other machines take them for one file.')];
    }
    const sameName = othersThan(one, byName);
    if (sameName.length === 0) return [];
    return [
      clash(one, `${sameName.join(' and ')} is called \`${one.name ?? ''}\`, too.`, 'Rename one of them.'),
    ];
  });
}

function groupsOf(
  files: readonly NamedFile[],
  keyOf: (one: NamedFile) => string | undefined,
): ReadonlyMap<NamedFile, readonly NamedFile[]> {
  const groups = new Map<string, NamedFile[]>();
  for (const one of files) {
    const key = keyOf(one);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return new Map([...groups.values()].flatMap((group) => group.map((one) => [one, group] as const)));
}

function othersThan(one: NamedFile, groups: ReadonlyMap<NamedFile, readonly NamedFile[]>): string[] {
  return (groups.get(one) ?? []).filter((other) => other !== one).map(({ file }) => file);
}

function clash({ file }: NamedFile, message: string, hint: string): Diagnostic {
  return diagnosticAt('DUPLICATE_NAME', { file, line: 1, column: 1 }, message, hint);
}
