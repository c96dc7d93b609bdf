import type { RunbookPositions } from '../compile.ts';
import { diagnosticAt, sortDiagnostics, type Diagnostic, type DiagnosticCode } from '../diagnostics.ts';
import type { Position } from '../source-text.ts';

/** Collects what speaks against a start, and points at the parts of the runbook that it concerns. */
export class StartProblems {
  readonly #positions: RunbookPositions;
  readonly #found: Diagnostic[] = [];

  constructor(positions: RunbookPositions) {
    this.#positions = positions;
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
    const place = { file: this.#positions.file, ...(position ?? { line: 1, column: 1 }) };
    this.#found.push(diagnosticAt(code, place, message, hint));
  }
}
