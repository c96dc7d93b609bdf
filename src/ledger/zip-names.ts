const MAX_NAME_LENGTH = 240;
const SEGMENT = /^[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
/** Windows takes these for devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Whether a name means the same file wherever a bundle is unpacked: no `..`, no root, no drive, no device. */
export function isEntryName(name: string): boolean {
  const segments = name.split('/');
  return (
    name.length <= MAX_NAME_LENGTH &&
    segments.every((segment) => SEGMENT.test(segment) && !DEVICE.test(segment))
  );
}

/** A name that some system takes for another one of them, or for a folder of another one; undefined when there is none. */
export function clashOf(names: readonly string[]): string | undefined {
  const files = new Set<string>();
  const folders = new Map<string, string>();
  for (const name of names) {
    const plain = name.toLowerCase();
    if (files.has(plain)) return name;
    files.add(plain);
    for (const folder of foldersOf(name)) {
      const known = folders.get(folder.toLowerCase());
      if (known !== undefined && known !== folder) return name;
      folders.set(folder.toLowerCase(), folder);
    }
  }
  return names.find((name) => folders.has(name.toLowerCase()));
}

function foldersOf(name: string): readonly string[] {
  const segments = name.split('/');
  return segments.slice(1).map((_, at) => segments.slice(0, at + 1).join('/'));
}
