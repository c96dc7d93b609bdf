import { canonicalJson } from '../model/json.ts';
import type { CompiledRunbook } from '../model/runbook.ts';
import type { ScheduleSpec } from '../model/schedule.ts';
import { canonicalRunbook } from './canonical.ts';
import { Reporter, type Diagnostic } from './diagnostics.ts';
import { emit, emitSchedule } from './emit.ts';
import { EMPTY_LIBRARY, type Library } from './library.ts';
import { checkMeaning } from './meaning/check-meaning.ts';
import { placesOf } from './meaning/places.ts';
import type { Draft } from './shape/draft.ts';
import { readRunbook } from './shape/read-runbook.ts';
import { SourceText, type Position } from './source-text.ts';
import { guard } from './yaml/guard.ts';
import { parseTree } from './yaml/parse.ts';

/** Where the parts of a runbook stand in its file, so that later checks can point at them. */
export interface RunbookPositions {
  readonly file: string;
  /** By path. */
  readonly steps: ReadonlyMap<string, Position>;
  /** By name. */
  readonly inputs: ReadonlyMap<string, Position>;
  /** By name. */
  readonly vars: ReadonlyMap<string, Position>;
  /** By name. */
  readonly schedules?: ReadonlyMap<string, Position>;
}

export interface Compilation {
  /** Present when no diagnostic is an error. */
  readonly runbook?: CompiledRunbook;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly positions: RunbookPositions;
  /** When it is started by itself; no part of the runbook, nor of its digest. Empty when there are errors. */
  readonly schedules: readonly ScheduleSpec[];
}

/**
 * Compiles the text of a runbook. Never throws for what the text says, however hostile: whatever is wrong with it
 * comes back as diagnostics, all at once.
 */
export function compileRunbook({
  text,
  file,
  library = EMPTY_LIBRARY,
}: {
  text: string;
  file: string;
  /** Where the runbooks are that it runs. */
  library?: Library;
}): Compilation {
  const source = new SourceText(text);
  const report = new Reporter(source, file);
  const draft = guard(source, report) ? readDraft(source, report) : undefined;
  if (draft !== undefined) checkMeaning(draft, { text, library }, report);
  const positions = positionsOf(draft, source, file);
  const diagnostics = report.all();
  if (draft === undefined || report.hasErrors) return { diagnostics, positions, schedules: [] };
  return {
    runbook: canonicalRunbook(emit(draft, library)),
    diagnostics,
    positions,
    schedules: draft.schedules.map(emitSchedule),
  };
}

/** The canonical JSON of a runbook: its SHA-256 is the digest that a run is bound to. */
export function canonicalText(runbook: CompiledRunbook): string {
  return canonicalJson(runbook);
}

function readDraft(source: SourceText, report: Reporter): Draft | undefined {
  const tree = parseTree(source, report);
  // A file that is no YAML has been reported; a file that says nothing has not.
  return tree === undefined ? undefined : readRunbook(tree, report);
}

function positionsOf(draft: Draft | undefined, source: SourceText, file: string): RunbookPositions {
  const steps = draft === undefined ? [] : placesOf(draft).map(({ step }) => step);
  const declared = (key: 'inputs' | 'vars'): Map<string, Position> =>
    new Map([...(draft?.[key] ?? [])].map(([name, { at }]) => [name, source.position(at)]));
  return {
    file,
    steps: new Map(steps.map(({ path, at }) => [path, source.position(at)])),
    inputs: declared('inputs'),
    vars: declared('vars'),
    schedules: new Map((draft?.schedules ?? []).map(({ name, at }) => [name, source.position(at)])),
  };
}
