import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../src/ledger/report/html.ts';
import { runDocument } from '../../../src/ledger/report/run-document.ts';
import { DARK, LIGHT, type Palette } from '../../../src/ledger/report/style.ts';
import { at, decided, done, gate, report, steps, timeline, view, vote } from './sample.ts';

const PAGE = reportHtml(runDocument(report()));
const HOSTILE = `</title></style></p>"><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp\u0000`;

/** A run in which every text that others write is hostile. */
function hostilePage(): string {
  const failed = [{ group: HOSTILE, vm: HOSTILE, isCritical: true, step: HOSTILE, info: HOSTILE }];
  const deviation = { how: 'break-glass', by: HOSTILE, reason: HOSTILE, at: at(15) } as const;
  const bad = steps().map((step) => ({
    ...step,
    title: HOSTILE,
    reason: HOSTILE,
    output: { failed },
    decisions: [{ ...decided('skip', 30), comment: HOSTILE, person: HOSTILE }],
    ...(step.gate === undefined
      ? {}
      : {
          gate: gate({
            title: HOSTILE,
            deviation,
            votes: [vote(HOSTILE, 15, { comment: HOSTILE, for: HOSTILE })],
          }),
        }),
  }));
  const recoveries = [{ application: HOSTILE, lostAt: at(0), waitedForPeopleMs: 0 }];
  return reportHtml(
    runDocument(
      report({
        view: view({
          timeline: timeline({ title: HOSTILE, recoveries }),
          steps: [...bad, done(HOSTILE, 1, 2)],
        }),
        notes: [
          {
            id: 'n',
            runId: 'r',
            at: at(1),
            by: HOSTILE,
            text: HOSTILE,
            attachment: { name: HOSTILE, bytes: 1, digest: 'd' },
          },
        ],
        checkpoint: { origin: HOSTILE, size: 1, root: HOSTILE },
      }),
    ),
  );
}

describe('the file', () => {
  test('needs nothing from anywhere: no script, no picture, no font, no address', () => {
    expect(PAGE).not.toMatch(/<script|<img|<link|@import|url\(|https?:\/\/|\son\w+=|javascript:/i);
  });

  test('allows itself nothing but its own style sheet', () => {
    const style = /<style>([^]*?)<\/style>/.exec(PAGE)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(PAGE).toContain(`default-src 'none'; style-src 'sha256-${digest}'`);
    expect(PAGE).not.toMatch(/ style="/);
  });

  test('is the same for the same report', () => {
    expect(reportHtml(runDocument(report()))).toBe(PAGE);
  });

  test('says the verdict before everything else', () => {
    const main = PAGE.slice(PAGE.indexOf('<main>'));
    expect(main.indexOf('This live run ended well')).toBeLessThan(main.indexOf('<h2'));
  });

  test('has its sections in the order in which people ask', () => {
    expect([...PAGE.matchAll(/<h2 id="([a-z-]+)"/g)].map(([, id]) => id)).toEqual([
      'objectives',
      'timeline',
      'steps',
      'gates',
      'warnings',
      'deviations',
      'notes',
      'findings',
      'reviews',
      'times',
      'about',
    ]);
  });

  test('tells the root of the checkpoint', () => {
    expect(PAGE.match(/q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=/g)?.length).toBe(2);
  });
});

describe('hostile texts', () => {
  const page = hostilePage();

  test('stay texts, wherever they stand', () => {
    expect(page).not.toMatch(/<script|<img|<\/p>"&gt;|onerror=alert\(2\)>/);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(20);
  });

  test('reorder and hide nothing', () => {
    expect(page).not.toMatch(/[\u202e\u0000]/);
    expect(page).toContain('\\u202egnp\\u0000');
  });

  test('open no element and close none', () => {
    const count = (text: string, of: RegExp): number => text.match(of)?.length ?? 0;
    for (const name of ['section', 'table', 'title', 'style', 'blockquote', 'figure']) {
      expect([name, count(page, new RegExp(`<${name}[ >]`, 'g'))]).toEqual([
        name,
        count(page, new RegExp(`</${name}>`, 'g')),
      ]);
    }
  });
});

describe('for those who listen or use the keyboard', () => {
  test('headings go down one level at a time', () => {
    const levels = [...PAGE.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect([levels[0], levels.every((level, index) => level <= (levels[index - 1] ?? 1) + 1)]).toEqual([
      1,
      true,
    ]);
  });

  test('there are landmarks, and every section has a name', () => {
    for (const mark of ['<header>', '<nav aria-label=', '<main>', '<footer>']) expect(PAGE).toContain(mark);
    expect(PAGE).not.toMatch(/<section(?! aria-label| class="verdict [a-z]+" aria-label)/);
  });

  test('every head of a table says whether it is of a row or of a column', () => {
    expect(PAGE).not.toMatch(/<th(?! scope="(?:row|col)")[ >]/);
    expect(PAGE.match(/<table>/g)?.length).toBe(PAGE.match(/<caption id=/g)?.length);
  });

  test('the picture has a title, a description, and all of it as text', () => {
    expect(PAGE).toMatch(/<svg [^>]*role="img" aria-labelledby="timeline-0-title timeline-0-desc">/);
    expect(PAGE).toContain('<li>failover: warned, from +00:15:00 for 20 m</li>');
  });

  test('ids are unique', () => {
    const ids = [...PAGE.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** The contrast of two colours, as WCAG 2 counts it. */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
      const value = parseInt(colour.slice(from, from + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [bright = 0, dark = 0] = [light(one), light(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

describe.each<[string, Palette]>([
  ['by day', LIGHT],
  ['by night', DARK],
])('%s', (_, palette) => {
  test('every text can be read on every ground', () => {
    const { ground, panel, text, muted, good, warn, bad } = palette;
    const weak = [text, muted, good, warn, bad].filter((colour) =>
      [ground, panel].some((behind) => contrast(colour, behind) < 4.5),
    );
    expect(weak).toEqual([]);
  });

  test('every bar can be seen', () => {
    const { ground, good, warn, bad, plain, people } = palette;
    expect([good, warn, bad, plain, people].filter((colour) => contrast(colour, ground) < 3)).toEqual([]);
  });
});
