import type { Gantt } from './gantt.ts';
import type { Tone } from './report-types.ts';

/**
 * A report as parts that can be read on a screen and on paper: HTML and PDF draw the same document, so that they cannot say
 * different things. Every text is what people or servers wrote; who draws it makes it harmless.
 */
export interface ReportDocument {
  readonly title: string;
  /** One line about what it is. */
  readonly subtitle: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** On each page: what it belongs to. */
  readonly footer: string;
  readonly verdict: { readonly tone: Tone; readonly word: string; readonly says: readonly string[] };
  readonly sections: readonly Section[];
}

export interface Section {
  /** Unique in the document: small letters and `-`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'quote'; readonly by: string; readonly text: string }
  | { readonly kind: 'gantt'; readonly gantt: Gantt }
  | Table;

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: Tone;
}

export interface Table {
  readonly kind: 'table';
  /** What the table shows, for those who cannot see where it stands. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface Column {
  readonly label: string;
  /** Its share of the width. */
  readonly share: number;
  readonly align?: 'right';
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  /** A second line, smaller. */
  readonly note?: string;
}

/** A table, or a sentence where it would be empty: what is not there is said. */
export function tableOr(
  none: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Block {
  return rows.length === 0 ? { kind: 'text', text: none } : { kind: 'table', caption, columns, rows };
}
