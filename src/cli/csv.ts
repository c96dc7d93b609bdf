/** A CSV text that cannot be read as a table. `line` counts from 1. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A loop takes a few thousand steps in all, so no list is as long; a file of line breaks alone must not stall whoever reads it. */
const MAX_ROWS = 10_000;

/** A record of the file: its fields, and the line on which it begins. */
interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads a CSV text (RFC 4180) with a header: one object of texts for each row. Strict, since a wrong table ends up in
 * commands: every row has as many fields as the header, and quotes stand around whole fields only. Line breaks may be
 * CRLF or LF; a byte order mark and empty lines at the end are taken as nothing.
 *
 * @throws CsvError
 */
export function readCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header, ...rows] = rowsOf(text.replace(/^\uFEFF/, ''));
  if (header === undefined) throw new CsvError(1, 'it is empty; the first line has the names of the fields');
  checkHeader(header);
  return rows.map(({ line, fields }) => {
    if (fields.length !== header.fields.length) {
      throw new CsvError(line, `it has ${fields.length} fields, and the header has ${header.fields.length}`);
    }
    return Object.fromEntries(header.fields.map((name, index) => [name, fields[index] ?? '']));
  });
}

function checkHeader({ line, fields }: Row): void {
  const [only = ''] = fields;
  if (fields.length === 1 && only.includes(';')) {
    throw new CsvError(line, 'the fields are separated by semicolons; separate them by commas');
  }
  for (const [index, name] of fields.entries()) {
    if (name.trim() === '') throw new CsvError(line, `field ${index + 1} of the header has no name`);
    if (fields.indexOf(name) !== index) throw new CsvError(line, `the header names ${name} twice`);
  }
}

/** A field at a time, quoted or plain, with what ends it; sticky, so that nothing is passed over. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;

function rowsOf(text: string): Row[] {
  const rows: Row[] = [];
  let line = 1;
  let fields: string[] = [];
  let begin = line;
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length || fields.length > 0) {
    const match = FIELD.exec(text);
    if (match === null) {
      throw new CsvError(line, 'a quote stands inside a field or is not closed, or a line ends in a lone CR');
    }
    const [whole, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    if (rows.length === MAX_ROWS) {
      throw new CsvError(
        begin,
        `it has more than ${MAX_ROWS} rows; make a run of its own for each part of it`,
      );
    }
    rows.push({ line: begin, fields });
    fields = [];
    begin = line;
  }
  const last = rows.findLastIndex((row) => row.fields.length > 1 || row.fields[0] !== '');
  return rows.slice(0, last + 1);
}
