import { canonicalText, compileRunbook } from './compile.ts';
import type { ChildRunbook, Library } from './library.ts';

/** A runbook that runs one that runs one …: more would be a plan nobody can follow, and compiling recurses. */
const MAX_NESTING = 10;
/** How many runbooks are compiled for one, each time counted: files that run each other crosswise would never end. */
const MAX_COMPILED = 100;

/** A library over the texts of runbooks by their names. */
export interface TextLibrary extends Library {
  /** The names that were asked for and are not there. */
  readonly missing: ReadonlySet<string>;
  /** All that were found, by digest: what has to be kept for a run. */
  compiled(): readonly ChildRunbook[];
}

/**
 * Compiles runbooks as they are asked for. One with errors, one that runs itself in the end, and what is beyond the
 * limits, is not found, and `why` says so.
 *
 * @param digestOf SHA-256 of a text, in hex
 */
export function createLibrary(
  texts: Readonly<Record<string, string>>,
  digestOf: (text: string) => string,
): TextLibrary {
  const known = new Map<string, ChildRunbook | string>();
  const missing = new Set<string>();
  const compiling: string[] = [];
  /** What failed where it stands, by the way there: asked again at the same place, it fails again. */
  const failed = new Map<string, string>();
  let compilations = 0;

  const look = (name: string): ChildRunbook | string => {
    if (compiling.includes(name)) return `It runs itself: ${[...compiling, name].join(' runs ')}.`;
    const way = [...compiling, name].join(' ');
    const before = known.get(name) ?? failed.get(way);
    if (before !== undefined) return before;
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (text === undefined) {
      missing.add(name);
      return `There is no file ${name}.yaml beside the one that runs it.`;
    }
    if (compiling.length === MAX_NESTING) return `Runbooks run each other at most ${MAX_NESTING} deep.`;
    if (compilations === MAX_COMPILED) {
      return `A runbook runs at most ${MAX_COMPILED} others, directly or not.`;
    }
    compilations += 1;
    compiling.push(name);
    const { runbook, diagnostics } = compileRunbook({ text, file: `${name}.yaml`, library });
    compiling.pop();
    const [error] = diagnostics.filter(({ severity }) => severity === 'error');
    const why = [error?.message, error?.hint].filter((part) => part !== undefined).join(' ');
    const found =
      runbook === undefined
        ? `${name}.yaml has errors; the first, in line ${error?.line ?? 1}: ${why}`
        : runbook.name === name
          ? { runbook, digest: digestOf(canonicalText(runbook)) }
          : `The runbook in ${name}.yaml calls itself ${runbook.name}: name and file must be the same.`;
    // What failed only because it runs itself may be fine where it is asked for by itself.
    if (typeof found !== 'string' || compiling.length === 0) known.set(name, found);
    else failed.set(way, found);
    return found;
  };
  const library: TextLibrary = {
    missing,
    find(name) {
      const found = look(name);
      return typeof found === 'string' ? undefined : found;
    },
    why(name) {
      const found = look(name);
      return typeof found === 'string' ? found : '';
    },
    compiled: () => [...known.values()].filter((one) => typeof one !== 'string'),
  };
  return library;
}
