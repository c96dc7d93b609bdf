import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  canonicalText,
  compileRunbook,
  DIAGNOSTICS,
  MAX_RUNBOOK_BYTES,
  readRunbookFile,
  renderDiagnostics,
} from '../../src/language/index.ts';
import { ANY_STEP, compiled, start } from './support.ts';

describe('a rendered diagnostic', () => {
  it('shows the place, the line with a caret, and what to do', () => {
    const { diagnostics } = compileRunbook({
      text: `apiVersion: muster/v1\nname: a\ntitel: x\n${ANY_STEP}`,
      file: 'a.yaml',
    });
    expect(renderDiagnostics(diagnostics)).toBe(
      [
        'a.yaml:3:1  error UNKNOWN_KEY  `titel` is no key of a runbook.',
        '    3 | titel: x',
        '      | ^^^^^',
        '  hint: Did you mean `title`?',
      ].join('\n'),
    );
  });

  it('cuts long lines around the place', () => {
    const { diagnostics } = compileRunbook({
      text: `a: ${'x'.repeat(500)} ${'y'.repeat(8_000)}`,
      file: 'a.yaml',
    });
    const [, line = '', caret = ''] = renderDiagnostics(diagnostics).split('\n');
    expect(line.length).toBeLessThan(130);
    expect(caret.length).toBeLessThanOrEqual(line.length + 1);
  });

  it('lets no control character of the file reach the terminal', () => {
    const { diagnostics } = compileRunbook({ text: 'a: \u001b[31mred', file: 'evil\u001b[2J.yaml' });
    expect(renderDiagnostics(diagnostics)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it('is painted by whoever shows it', () => {
    const { diagnostics } = compileRunbook({ text: '', file: 'a.yaml' });
    const mark = (text: string): string => `<${text}>`;
    const same = (text: string): string => text;
    expect(
      renderDiagnostics(diagnostics, { paint: { bold: same, dim: same, yellow: same, red: mark } }),
    ).toContain('<SHAPE>');
  });
});

describe('the canonical text', () => {
  it('does not change with the order or the spelling of the YAML', () => {
    const a = compiled('apiVersion: muster/v1\nname: a\ntitle: x\nsteps: [{ id: b, wait: 60s }]\n');
    const b = compiled(
      'title: "x"\nname: a\nsteps:\n  - wait: 1m # a minute\n    id: b\napiVersion: muster/v1\n',
    );
    expect(canonicalText(a)).toBe(canonicalText(b));
  });

  it('changes with what the runbook does', () => {
    const a = compiled('apiVersion: muster/v1\nname: a\nsteps: [{ id: b, wait: 1m }]\n');
    const b = compiled('apiVersion: muster/v1\nname: a\nsteps: [{ id: b, wait: 2m }]\n');
    expect(canonicalText(a)).not.toBe(canonicalText(b));
  });
});

describe('the table of diagnostics', () => {
  it('has a sentence for each code', () => {
    expect(Object.values(DIAGNOSTICS).filter(({ meaning }) => !/^[A-Z`].+\.$/.test(meaning))).toEqual([]);
  });
});

describe('the file of a runbook', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-language-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('is read as it is, without a byte order mark', async () => {
    const path = file('a.yaml', '\ufeffname: é\n');
    expect(await readRunbookFile(path)).toEqual({ text: 'name: é\n', file: path });
  });

  it('may be a link', async () => {
    const link = join(folder, 'link.yaml');
    symlinkSync(file('b.yaml', 'x'), link);
    expect((await readRunbookFile(link)).text).toBe('x');
  });

  it.each([
    ['a missing file', () => join(folder, 'none.yaml'), 'FILE_NOT_FOUND'],
    ['a folder', () => folder, 'FILE_NOT_REGULAR'],
    ['a device', () => '/dev/zero', 'FILE_NOT_REGULAR'],
    ['a name with NUL', () => 'a\0b', 'FILE_UNREADABLE'],
    [
      'a file that is too large',
      () => file('large.yaml', 'x'.repeat(MAX_RUNBOOK_BYTES + 1)),
      'FILE_TOO_LARGE',
    ],
    ['a file that is not UTF-8', () => file('latin.yaml', Buffer.from([0x61, 0xe9, 0x0a])), 'FILE_NOT_UTF8'],
  ])('is never %s', async (_, path, code) => {
    await expect(readRunbookFile(path())).rejects.toMatchObject({ code });
  });

  it('is never a pipe, and does not wait for one', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readRunbookFile(pipe)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
  });
});

describe('the runbooks that ship', () => {
  const backupId = '6f1c2d3e-0000-4000-8000-000000000001';
  it.each([
    ['dr-drill', 'drill', { url: 'http://127.0.0.1/health', backupId }],
    ['production-failover', 'live', { plan: 'ERP', url: 'http://127.0.0.1/health' }],
    ['three-tier-failover', 'live', { plan: 'ERP' }],
    ['failback', 'live', { plan: 'ERP' }],
    ['recovery-tokens', 'live', { backupId }],
    ['recovery-tokens', 'drill', { backupId }],
  ] as const)('%s compiles and starts as a %s without a diagnostic', async (name, mode, inputs) => {
    const { text } = await readRunbookFile(new URL(`../../runbooks/${name}.yaml`, import.meta.url).pathname);
    expect(compileRunbook({ text, file: name }).diagnostics).toEqual([]);
    expect(start(text, { mode, inputs }).diagnostics).toEqual([]);
  });

  it.each([
    ['dr-drill', 'live'],
    ['production-failover', 'drill'],
    ['three-tier-failover', 'drill'],
    ['failback', 'drill'],
  ] as const)('%s refuses to run as a %s', async (name, mode) => {
    const { text } = await readRunbookFile(new URL(`../../runbooks/${name}.yaml`, import.meta.url).pathname);
    expect(start(text, { mode, inputs: {} }).diagnostics.map(({ code }) => code)).toContain('MODE_EMPTY');
  });

  it('say in their first line when they touch production', async () => {
    const { text } = await readRunbookFile(new URL('../../runbooks/dr-drill.yaml', import.meta.url).pathname);
    // Before it stands one line for editors.
    expect(text.split('\n')[1]).toContain('FAILS A REAL PLAN OVER');
  });
});
