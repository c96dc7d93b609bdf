/** A stretch of the file, as offsets; `end` is behind its last character. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A place in a file, without the file's name. Lines and columns count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The column behind the last character, on the same line. */
  readonly endColumn?: number;
  readonly sourceLine?: string;
}

/** A file's text that knows where its lines begin. */
export class SourceText {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Where a line begins; lines count from 1. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }

  /** A line without its line break. */
  lineAt(line: number): string {
    return this.text.slice(this.startOf(line), this.#endOf(line));
  }

  /** The place of a range; one that spans lines is shown to the end of its first. */
  position({ start, end }: Range): Position {
    const line = this.#lineOf(start);
    const column = start - this.startOf(line) + 1;
    const lineEnd = this.#endOf(line);
    return {
      line,
      column,
      endColumn: Math.max(column + 1, Math.min(end, lineEnd) - this.startOf(line) + 1),
      sourceLine: this.lineAt(line),
    };
  }

  #endOf(line: number): number {
    const next = this.#starts[line];
    const end = next === undefined ? this.text.length : next - 1;
    return this.text[end - 1] === '\r' ? end - 1 : end;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
