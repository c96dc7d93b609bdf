import type { RunbookPositions } from '../compile.ts';
import { diagnosticAt, sortDiagnostics, type Diagnostic, type DiagnosticCode } from '../diagnostics.ts';
import type { Position } from '../source-text.ts';

/** Collects what speaks against a start, and points at the parts of the runbook that it concerns. */
export class StartProblems {
  readonly #positions: RunbookPositions;
  readonly #within: { readonly runbook: string; readonly position?: Position } | undefined;
  readonly #found: Diagnostic[];

  constructor(
    positions: RunbookPositions,
    within?: { readonly runbook: string; readonly position?: Position },
    found: Diagnostic[] = [],
  ) {
    this.#positions = positions;
    this.#within = within;
    this.#found = found;
  }

  /** For a runbook that is run by a step of this one: all there is to point at is that step. */
  at(path: string, runbook: string): StartProblems {
    const position = this.#positions.steps.get(path);
    const inner = new StartProblems(this.#positions, { runbook, ...(position && { position }) }, this.#found);
    return inner;
  }

  atStep(code: DiagnosticCode, path: string, message: string, hint?: string): void {
    this.#add(code, this.#positions.steps.get(path), message, hint);
  }

  atInput(code: DiagnosticCode, name: string, message: string, hint?: string): void {
    this.#add(code, this.#positions.inputs.get(name), message, hint);
  }

  atVar(code: DiagnosticCode, name: string, message: string, hint?: string): void {
    this.#add(code, this.#positions.vars.get(name), message, hint);
  }

  /** What concerns the runbook as a whole. */
  atTop(code: DiagnosticCode, message: string, hint?: string): void {
    this.#add(code, undefined, message, hint);
  }

  all(): Diagnostic[] {
    return sortDiagnostics(this.#found);
  }

  #add(
    code: DiagnosticCode,
    position: Position | undefined,
    message: string,
    hint: string | undefined,
  ): void {
    const at = this.#within === undefined ? position : this.#within.position;
    const place = { file: this.#positions.file, ...(at ?? { line: 1, column: 1 }) };
    const said = this.#within === undefined ? message : `In the runbook ${this.#within.runbook}: ${message}`;
    this.#found.push(diagnosticAt(code, place, said, hint));
  }
}
