import type { CompiledRunbook } from '../model/runbook.ts';

/** A runbook that another one runs. */
export interface ChildRunbook {
  readonly runbook: CompiledRunbook;
  /** SHA-256 of its canonical JSON. */
  readonly digest: string;
}

/** Where the runbooks are found that a runbook runs, by their names. */
export interface Library {
  /** Undefined when there is none of this name, or it has errors of its own. */
  find(name: string): ChildRunbook | undefined;
  /** Why there is none, as a sentence; asked for the message only. */
  why(name: string): string;
}

/** Of a file that stands alone. */
export const EMPTY_LIBRARY: Library = {
  find: () => undefined,
  why: () => 'It is looked for beside the file of this runbook.',
};
