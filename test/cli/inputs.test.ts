import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCsv } from '../../src/cli/csv.ts';
import { readInputs } from '../../src/cli/inputs.ts';

describe('a CSV file', () => {
  test('is a list of objects named by its header', () => {
    expect(readCsv('name,site\nsrv1,hh\nsrv2,muc\n')).toEqual([
      { name: 'srv1', site: 'hh' },
      { name: 'srv2', site: 'muc' },
    ]);
  });

  test.each([
    [
      'quotes, commas and line breaks in fields',
      'a,b\n"x ""y"", z","1\n2"\n',
      [{ a: 'x "y", z', b: '1\n2' }],
    ],
    ['line breaks of Windows, and its mark at the beginning', '\uFEFFa,b\r\n1,2\r\n', [{ a: '1', b: '2' }]],
    ['no line break at the end', 'a\n1', [{ a: '1' }]],
    ['empty lines at the end', 'a\n1\n\n\n', [{ a: '1' }]],
    [
      'empty fields',
      'a,b\n,\n1,',
      [
        { a: '', b: '' },
        { a: '1', b: '' },
      ],
    ],
    ['a header alone', 'a,b\n', []],
  ])('may have %s', (_, text, expected) => {
    expect(readCsv(text)).toEqual(expected);
  });

  test.each([
    ['nothing', '', 1, /it is empty/],
    ['line breaks without end', `a,b\n${'\n'.repeat(400_000)}`, 10_001, /more than 10000 rows/],
    ['a row that is too short', 'a,b\n1,2\n3\n', 3, /it has 1 fields, and the header has 2/],
    ['a row that is too long', 'a\n"1\n2"\n3,4\n', 4, /it has 2 fields, and the header has 1/],
    ['a quote inside a field', 'a\nx"y"\n', 2, /a quote stands inside a field/],
    ['a quote that is not closed', 'a\n"x\n', 2, /not closed/],
    ['a field twice', 'a,a\n1,2\n', 1, /names a twice/],
    ['a field without a name', 'a,\n1,2\n', 1, /field 2 of the header has no name/],
    ['semicolons', 'a;b\n1;2\n', 1, /separate them by commas/],
  ])('is refused with %s', (_, text, line, message) => {
    const problem = (): unknown => {
      try {
        return readCsv(text);
      } catch (error) {
        return error;
      }
    };
    expect(problem()).toMatchObject({ name: 'CsvError', line });
    expect(() => readCsv(text)).toThrow(message);
  });
});

describe('inputs on the command line', () => {
  async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
    const cwd = await mkdtemp(join(tmpdir(), 'muster-inputs-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    return cwd;
  }

  test('are taken from files', async () => {
    const cwd = await folderWith({ 'a.csv': 'name\nsrv1\n', 'b.json': '[1, 2]' });
    expect(await readInputs(['a=@a.csv', 'b=@b.json', 'c=plain', 'd=@@at'], { cwd })).toEqual({
      a: [{ name: 'srv1' }],
      b: [1, 2],
      c: 'plain',
      d: '@at',
    });
  });

  test.each([
    ['a file that is not there', 'a=@none.csv', 'a: none.csv cannot be taken: there is no such file.'],
    ['a file of another kind', 'a=@a.txt', 'a: @a.txt names no .csv or .json file.'],
    [
      'a broken table',
      'a=@a.csv',
      'a: a.csv cannot be taken: line 2: it has 2 fields, and the header has 1.',
    ],
  ])('are refused from %s', async (_, pair, message) => {
    const cwd = await folderWith({ 'a.csv': 'a\n1,2\n', 'a.txt': 'x' });
    await expect(readInputs([pair], { cwd })).rejects.toMatchObject({ code: 'cli.inputMalformed', message });
  });

  test('are refused with characters that nobody can see', async () => {
    const cwd = await folderWith({ 'a.json': '{"plan":"ERP\\u0000"}' });
    await expect(readInputs(['a=@a.json'], { cwd })).rejects.toMatchObject({ code: 'cli.inputMalformed' });
  });

  test('are refused from what is no JSON', async () => {
    const cwd = await folderWith({ 'a.json': '[1,' });
    await expect(readInputs(['a=@a.json'], { cwd })).rejects.toThrow(/it is no JSON/);
  });
});
