import { createHash } from 'node:crypto';
import { MusterError } from '../client/index.ts';
import {
  canonicalText,
  compileRunbook,
  createLibrary,
  readGivenInputs,
  type Library,
} from '../language/index.ts';
import type { JsonObject } from '../model/json.ts';
import type { CompiledRunbook } from '../model/runbook.ts';
import type { ScheduleSpec } from '../model/schedule.ts';
import type { CliWorld } from './context.ts';
import { readInputs } from './inputs.ts';
import { readRunbook } from './runbook-file.ts';

/** A runbook that a command reads without running it. */
export interface NamedRunbook {
  readonly file: string;
  readonly runbook: CompiledRunbook;
  /** SHA-256 of its canonical JSON. */
  readonly digest: string;
  readonly library: Library;
  /** When it is started by itself. */
  readonly schedules: readonly ScheduleSpec[];
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads and compiles a runbook that is named by its path or its name; needs no configuration and no server.
 *
 * @throws MusterError `run.refused` with diagnostics; CliError, RunbookFileError
 */
export async function compileNamed(
  named: string,
  world: Pick<CliWorld, 'cwd' | 'runbookFolders'>,
): Promise<NamedRunbook> {
  const { file, text, library: texts = {} } = await readRunbook(named, world);
  const library = createLibrary(texts, digestOf);
  const { runbook, diagnostics, schedules } = compileRunbook({ file, text, library });
  if (runbook === undefined) throw new MusterError('run.refused', `${file} has errors.`, { diagnostics });
  return { file, runbook, digest: digestOf(canonicalText(runbook)), library, schedules };
}

/**
 * The inputs that were given on the command line, with their types; those that were not given stay unknown.
 *
 * @throws MusterError `run.refused` with diagnostics; CliError
 */
export async function knownInputs(
  { file, runbook }: NamedRunbook,
  pairs: readonly string[],
  world: Pick<CliWorld, 'cwd'>,
): Promise<JsonObject> {
  const { inputs, diagnostics } = readGivenInputs(runbook, await readInputs(pairs, world), file);
  if (diagnostics.length > 0) {
    throw new MusterError('run.refused', `${file} takes no such inputs.`, { diagnostics });
  }
  return inputs;
}
