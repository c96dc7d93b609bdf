import { beforeAll, describe, expect, test } from 'vitest';
import { reportPdf } from '../../../src/ledger/report/pdf.ts';
import { PdfLetters } from '../../../src/ledger/report/pdf-letters.ts';
import { runDocument } from '../../../src/ledger/report/run-document.ts';
import type { Note } from '../../../src/model/findings.ts';
import type { RunReportData } from '../../../src/ledger/report/run-report.ts';
import { pagesOf } from './pdf-text.ts';
import { at, done, report, view } from './sample.ts';

async function pdfOf(over: Partial<RunReportData> = {}): Promise<Buffer> {
  return reportPdf(runDocument(report(over)));
}

function note(text: string, by = 'anna'): Note[] {
  return [{ id: 'n', runId: 'r', at: at(1), by, text }];
}

let pdf: Buffer;
beforeAll(async () => {
  pdf = await pdfOf();
});

describe('the PDF of a report', () => {
  test('has the same bytes for the same report', async () => {
    expect((await pdfOf()).equals(pdf)).toBe(true);
  });

  test('was made when the report was made', () => {
    expect(pdf.toString('latin1').match(/\(D:\d+Z\)/g)).toEqual([
      '(D:20260301040000Z)',
      '(D:20260301040000Z)',
    ]);
  });

  test('has text that can be copied, the verdict first', () => {
    const [first = ''] = pagesOf(pdf);
    expect(first.indexOf('This live run ended well')).toBeGreaterThan(-1);
    expect(first.indexOf('This live run ended well')).toBeLessThan(first.indexOf('Objectives'));
  });

  test('has what the HTML has: people, their words, and the words of Veeam', () => {
    const text = pagesOf(pdf).join('\n');
    for (const said of [
      'The site is without power.',
      'The heartbeat of erp-web-02',
      'if: false',
      'gone with the site',
    ]) {
      expect(text).toContain(said);
    }
  });

  test('has the number of each page, of how many there are, and the root on it', () => {
    const pages = pagesOf(pdf);
    expect(pages.map((text) => /Page \d+ of \d+/.exec(text)?.[0])).toEqual(
      pages.map((_, index) => `Page ${index + 1} of ${pages.length}`),
    );
    expect(pages.every((text) => text.includes('q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='))).toBe(true);
  });

  test('lists its sections for readers, and says its language', () => {
    const raw = pdf.toString('latin1');
    expect(raw).toContain('/Title (Gates: who decided what)');
    expect(raw).toContain('/Lang (en)');
  });

  test('loses no step of a long run, and repeats the heads of tables', async () => {
    const many = Array.from({ length: 300 }, (_, index) => done(`step${index}x`, index, index + 1));
    const text = pagesOf(await pdfOf({ view: view({ steps: many }) }));
    const missing = many.filter(({ path }) => !text.some((page) => page.includes(path)));
    expect(missing).toEqual([]);
    expect(text.filter((page) => page.includes('What is to be said')).length).toBeGreaterThan(5);
  });

  test('loses nothing of a text that is longer than a page', async () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `w${index}x`);
    const text = pagesOf(await pdfOf({ notes: note(words.join(' ')) })).join('\n');
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });

  test('loses nothing of a cell that is longer than a page', async () => {
    const words = Array.from({ length: 1_500 }, (_, index) => `c${index}x`);
    const text = pagesOf(
      await pdfOf({ view: view({ steps: [done('a', 0, 1, { reason: words.join(' ') })] }) }),
    ).join('\n');
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });

  test('survives texts that are nothing but noise', async () => {
    const noise = `${'x'.repeat(20_000)}\u0000\u202e\ud800) Tj ET << /JS (app.alert) >>`;
    const raw = (await pdfOf({ notes: note(noise, noise) })).toString('latin1');
    expect(raw).not.toContain('/JS (app.alert)');
  });
});

describe('letters that the fonts lack', () => {
  test('lose their marks, or are told by their number', () => {
    expect(new PdfLetters().drawable('Łukasz z Győru, Häuser, 東 → “ok” €')).toBe(
      'Lukasz z Gyoru, Häuser, [U+6771] -> “ok” €',
    );
  });

  test('are the same in both ways in which Unicode writes them', () => {
    expect(new PdfLetters().drawable('Ha\u0308user')).toBe('Häuser');
  });

  test('are listed at the end of the file', async () => {
    const text = pagesOf(await pdfOf({ notes: note('東京, Győr') }))
      .join('\n')
      .replaceAll('\n', ' ');
    expect(text).toContain('Written otherwise here: [U+0151] as o, [U+4EAC], [U+6771]');
  });

  test('are not spoken of where there are none', () => {
    expect(pagesOf(pdf).join('\n')).not.toContain('Letters of this file');
  });
});
