import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { START } from './sample-run.ts';

const RUN = 'dr-drill-20250131-k7m2qz';
const DAY_MS = 86_400_000;
const NOW = START + 60_000;

/** Runs a command as anna, and answers what muster was asked for. */
async function asked(args: readonly string[], setting: Parameters<typeof runMuster>[1] = {}) {
  const muster = fakeMuster();
  const { code, stdout, stderr } = await runMuster([...args, '--as', 'anna'], { muster, ...setting });
  return { code, stdout, stderr, call: muster.calls.findLast(([operation]) => operation !== 'close') };
}

const folderWith = async (name: string, content: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  await writeFile(join(folder, name), content);
  return folder;
};

describe('a note', () => {
  test('goes out with its file', async () => {
    const cwd = await folderWith('console.txt', 'red');
    const { call } = await asked(['note', RUN, 'it was red', '--attach', 'console.txt'], { cwd });
    const attachment = { name: 'console.txt', bytes: Buffer.from('red') };
    expect(call).toEqual(['notes.add', { runId: RUN, text: 'it was red', attachment, person: 'anna' }]);
  });

  test('is read from stdin where it is a dash', async () => {
    const { call } = await asked(['note', RUN, '-'], { typed: 'two\nlines\n' });
    expect(call?.[1]).toMatchObject({ text: 'two\nlines\n' });
  });

  test.each([
    ['that says nothing', [RUN], 'cli.usage'],
    ['with a file that is not there', [RUN, 'a', '--attach', 'no-such-file'], 'cli.fileUnreadable'],
  ])('%s is bad input', async (_, args, code) => {
    const { code: exit, stdout } = await asked(['note', ...args, '--json']);
    expect([exit, stdout]).toEqual([2, expect.stringContaining(code)]);
  });

  test('is shown without anything that a terminal obeys', async () => {
    const muster = fakeMuster({
      notes: {
        ...fakeMuster().notes,
        list: async () => [{ id: 'nt-1', runId: RUN, at: START, by: 'anna', text: 'a\n\u001b[31mred' }],
      },
    });
    const { stdout } = await runMuster(['note', 'list', RUN], { muster });
    expect(stdout).toContain('  \u241b[31mred');
  });

  test('gives back its file, and writes over none', async () => {
    const cwd = await folderWith('there.txt', 'mine');
    expect((await asked(['note', 'file', RUN, 'nt-1', '-o', 'there.txt'], { cwd })).code).toBe(2);
    await asked(['note', 'file', RUN, 'nt-1', '-o', 'new.txt'], { cwd });
    expect(await readFile(join(cwd, 'new.txt'), 'utf8')).toBe('file');
  });
});

describe('a finding', () => {
  test.each([
    [['list', '--overdue', '--run', RUN], 'findings.list', { runId: RUN, state: 'overdue' }],
    [['list', '--open'], 'findings.list', { state: 'open' }],
    [
      ['raise', 'old list', '--run', RUN, '--step', 'web', '--severity', 'high'],
      'findings.raise',
      { text: 'old list', severity: 'high', runId: RUN, path: 'web' },
    ],
    [
      ['assign', 'fd-1', '--owner', 'team-erp', '--due', '2025-03-31'],
      'findings.assign',
      { id: 'fd-1', owner: 'team-erp', dueAt: Date.UTC(2025, 2, 31, 23, 59, 59) },
    ],
    [['repair', 'fd-1', 'done'], 'findings.repair', { id: 'fd-1', text: 'done' }],
    [['reopen', 'fd-1', '--reason', 'again'], 'findings.reopen', { id: 'fd-1', reason: 'again' }],
  ])('%s asks for it', async (args, operation, request) => {
    const { code, call } = await asked(['finding', ...args]);
    expect([code, call]).toEqual([0, [operation, { ...request, person: 'anna' }]]);
  });

  test('is closed by a run, a file, or a digest', async () => {
    const cwd = await folderWith('proof.pdf', 'a proof');
    const digest = createHash('sha256').update('a proof').digest('hex');
    const other = 'ab'.repeat(32);
    const evidence = ['--evidence', RUN, '--evidence', 'proof.pdf', '--evidence', `sha256:${other}`];
    const { call } = await asked(['finding', 'close', 'fd-1', ...evidence], { cwd });
    expect(call?.[1]).toMatchObject({ evidence: [RUN, digest, other] });
  });

  test('is not closed without a proof', async () => {
    expect((await asked(['finding', 'close', 'fd-1'])).code).toBe(2);
  });

  test('is shown with its history', async () => {
    const { stdout } = await asked(['finding', 'show', 'fd-1a2b3c4d']);
    expect(stdout).toContain('raised by muster');
  });
});

describe('a period', () => {
  test.each([
    [
      ['--from', '2024-01-01', '--to', '2024-12-31'],
      { from: Date.UTC(2024, 0, 1), to: Date.UTC(2025, 0, 1) },
    ],
    [['--from', '2024-01-01T02:00+02:00'], { from: Date.UTC(2024, 0, 1), to: NOW }],
    [['--last', '90d'], { from: NOW - 90 * DAY_MS, to: NOW }],
    [['--last', '1y'], { from: new Date(NOW).setUTCFullYear(2024), to: NOW }],
  ])('%s is reported on', async (args, period) => {
    const cwd = await mkdtemp(join(tmpdir(), 'muster-cli-'));
    const { code, call } = await asked(['report', ...args, '-o', 'a.pdf'], { cwd });
    expect([code, call]).toEqual([0, ['periodReport', { ...period, format: 'pdf' }]]);
    expect(await readFile(join(cwd, 'a.pdf'), 'utf8')).toBe('period as pdf');
  });

  test.each([
    [['--from', 'yesterday']],
    [['--to', '2024-12-31']],
    [['--last', '1y', '--from', '2024-01-01']],
    [['--from', '2024-12-31', '--to', '2024-01-01']],
    [[RUN, '--last', '1y']],
    [[]],
  ])('%s is none', async (args) => {
    expect((await asked(['report', ...args])).code).toBe(2);
  });
});

describe('a review', () => {
  test('of a run names the run and what is made of it', async () => {
    const { call, stdout } = await asked(['review', RUN, 'again', '--decision', 'actionNeeded']);
    const request = { of: { runId: RUN }, decision: 'actionNeeded', comment: 'again' };
    expect(call).toEqual(['review', { ...request, person: 'anna' }]);
    expect(stdout).toContain(`SHA-256 ${'d'.repeat(64)}`);
  });

  test('of a period needs no run', async () => {
    const { call } = await asked(['review', '--last', '90d', 'Read.']);
    expect(call?.[1]).toMatchObject({ of: { to: NOW }, decision: 'accepted', comment: 'Read.' });
  });

  test.each([[[RUN]], [['--last', '90d']], [[RUN, 'Read.', '--last', '90d']]])(
    '%s is bad input',
    async (args) => {
      expect((await asked(['review', ...args])).code).toBe(2);
    },
  );
});
