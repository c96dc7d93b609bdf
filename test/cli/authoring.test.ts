import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import type { DryRunStep } from '../../src/cli/dry-run-report.ts';
import { NOTHING_TO_DO } from './fake-door.ts';
import { runMuster } from './run-muster.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const RUNBOOKS = join(PROJECT, 'runbooks');
const shipped = { cwd: PROJECT, runbookFolders: [RUNBOOKS] };
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'muster-authoring-'));

describe('explain', () => {
  test('tells a manager what will happen', async () => {
    const { code, stdout } = await runMuster(
      ['explain', 'production-failover', '-i', 'plan=ERP', '--mode', 'live'],
      shipped,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /As a LIVE run[^]+PRODUCTION is changed by step 3 \(Fail ERP over[^]+2\. PRODUCTION: fail ERP over now\?/,
    );
  });

  test('answers the same as JSON', async () => {
    const { stdout } = await runMuster(['explain', 'dr-drill', '--json'], shipped);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'dr-drill',
      parts: [{ heading: 'What happens' }, { heading: 'Cleanup' }],
    });
  });

  test('shows what is wrong with a file instead', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'bad.yaml'), 'apiVersion: muster/v1\nname: bad\nstepps: []\n');
    const { code, stderr } = await runMuster(['explain', 'bad.yaml'], { cwd: folder });
    expect({ code, found: stderr.includes('UNKNOWN_KEY') }).toEqual({ code: 2, found: true });
  });

  test('refuses an input that the runbook has not', async () => {
    const { code, stderr } = await runMuster(['explain', 'dr-drill', '-i', 'plann=ERP'], shipped);
    expect({ code, found: stderr.includes('INPUT_UNKNOWN') }).toEqual({ code: 2, found: true });
  });
});

describe('print', () => {
  test('makes Markdown with boxes, signatures and what to do by hand', async () => {
    const { stdout } = await runMuster(
      ['print', 'production-failover', '--mode', 'live', '-i', 'plan=ERP'],
      shipped,
    );
    expect(stdout).toMatch(
      /- \[ \] \*\*2\. PRODUCTION: fail ERP over now\?\*\*[^]+signature \(dr-manager\): \\_/,
    );
    expect(stdout).toContain('**By hand:** In VRO, run the plan ERP (failover, restore point: latest)');
  });

  test('writes down what is known, and leaves a line for what is not', async () => {
    const { stdout } = await runMuster(['print', 'production-failover', '-i', 'plan=ERP'], shipped);
    expect(stdout).toMatch(/- plan, the plan to fail over: \*\*ERP\*\*\n- url, .*: \\_/);
  });

  test('says which version of the runbook it is, and for which run', async () => {
    const { stdout } = await runMuster(['print', 'production-failover', '--mode', 'live'], shipped);
    expect(stdout).toMatch(
      /This paper is for a LIVE run\.[^]+from the runbook production-failover, SHA-256 [0-9a-f]{64}\./,
    );
  });

  test('makes one HTML file that needs nothing else', async () => {
    const folder = await newFolder();
    const file = join(folder, 'paper.html');
    const { code } = await runMuster(['print', 'dr-drill', '--format', 'html', '--out', file], shipped);
    const html = await readFile(file, 'utf8');
    expect(code).toBe(0);
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  });

  test('lets no text of the file become HTML, nor Markdown', async () => {
    const folder = await newFolder();
    const title = '<img src=x> **now** [a](javascript:b)';
    const text = `apiVersion: muster/v1\nname: evil\ntitle: ${JSON.stringify(title)}\nsteps: [{ id: a, wait: 1s }]\n`;
    await writeFile(join(folder, 'evil.yaml'), text);
    const html = await runMuster(['print', 'evil.yaml', '--format', 'html'], { cwd: folder });
    const markdown = await runMuster(['print', 'evil.yaml'], { cwd: folder });
    expect(html.stdout).not.toContain('<img');
    expect(markdown.stdout).toMatch(/^# &lt;img src=x\\> \\\*\\\*now\\\*\\\* \\\[a\\\]/);
  });
});

describe('graph', () => {
  test('draws Mermaid, or SVG into a file', async () => {
    const folder = await newFolder();
    const file = join(folder, 'drill.svg');
    const { stdout } = await runMuster(['graph', 'dr-drill'], shipped);
    const written = await runMuster(['graph', 'dr-drill', '--format', 'svg', '--out', file], shipped);
    expect(stdout).toContain('flowchart TD');
    expect({ code: written.code, svg: (await readFile(file, 'utf8')).startsWith('<svg ') }).toEqual({
      code: 0,
      svg: true,
    });
  });
});

describe('new', () => {
  const templates = ['blank', 'drill', 'failback', 'failover', 'readiness', 'restore', 'tokens'];

  test('lists the templates', async () => {
    const { stdout } = await runMuster(['new', '--json']);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(templates);
  });

  test.each(templates)('makes a %s that has no problem and is called like its file', async (template) => {
    const folder = await newFolder();
    const { code } = await runMuster(['new', template, '--out', 'erp-plan.yaml'], { cwd: folder });
    const text = await readFile(join(folder, 'erp-plan.yaml'), 'utf8');
    const { runbook, diagnostics } = compileRunbook({ text, file: 'erp-plan.yaml' });
    expect({ code, name: runbook?.name, diagnostics }).toEqual({
      code: 0,
      name: 'erp-plan',
      diagnostics: [],
    });
  });

  test('leads the editor to the schema from where the file is', async () => {
    const folder = await newFolder();
    await runMuster(['new', 'blank', '--out', 'mine.yaml'], { cwd: folder });
    const [, way = ''] = /\$schema=(.*)/.exec(await readFile(join(folder, 'mine.yaml'), 'utf8')) ?? [];
    expect(resolve(folder, way)).toBe(join(RUNBOOKS, 'runbook.schema.json'));
  });

  test('never overwrites a file', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'mine.yaml'), 'precious');
    const { code, stderr } = await runMuster(['new', 'blank', '--out', 'mine.yaml'], { cwd: folder });
    expect({ code, told: stderr.includes('cli.fileExists') }).toEqual({ code: 2, told: true });
    expect(await readFile(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
  });

  test('suggests the template that was meant', async () => {
    const { code, stderr } = await runMuster(['new', 'dril']);
    expect({ code, told: stderr.includes('Did you mean `drill`?') }).toEqual({ code: 2, told: true });
  });

  test('refuses a file that no runbook can be called like', async () => {
    const { code } = await runMuster(['new', 'blank', '--out', 'My Runbook.yaml'], {
      cwd: await newFolder(),
    });
    expect(code).toBe(2);
  });
});

describe('publish', () => {
  const runbook = (name: string, wait: string): string =>
    `apiVersion: muster/v1\nname: ${name}\nsteps: [{ id: a, wait: ${wait} }]\n`;

  async function published(
    ...names: readonly string[]
  ): Promise<{ folder: string; lock: () => Promise<string> }> {
    const folder = await newFolder();
    for (const name of names) await writeFile(join(folder, `${name}.yaml`), runbook(name, '1s'));
    await runMuster(['publish', ...names.map((name) => `${name}.yaml`)], { cwd: folder });
    return { folder, lock: () => readFile(join(folder, 'published.lock'), 'utf8') };
  }

  test('writes the digests of runbooks beside them, sorted', async () => {
    const { lock } = await published('b', 'a');
    expect(await lock()).toMatch(/^# .*\na: [0-9a-f]{64}\nb: [0-9a-f]{64}\n$/);
  });

  test('keeps what was published before, and replaces what has changed', async () => {
    const { folder, lock } = await published('a', 'b');
    const before = await lock();
    await writeFile(join(folder, 'a.yaml'), runbook('a', '2s'));
    const { stdout } = await runMuster(['publish', 'a.yaml'], { cwd: folder });
    const [, a, b] = (await lock()).split('\n');
    expect(stdout).toContain('published anew');
    expect([before.includes(`${a ?? ''}\n`), before.includes(`${b ?? ''}\n`)]).toEqual([false, true]);
  });

  test('looks without writing, and says what is not published', async () => {
    const { folder, lock } = await published('a');
    const same = await runMuster(['publish', 'a.yaml', '--check'], { cwd: folder });
    await writeFile(join(folder, 'a.yaml'), runbook('a', '2s'));
    const before = await lock();
    const changed = await runMuster(['publish', 'a.yaml', '--check'], { cwd: folder });
    expect([same.code, changed.code, await lock()]).toEqual([0, 2, before]);
  });

  test('publishes nothing that has errors', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'a.yaml'), 'name: a\n');
    const { code } = await runMuster(['publish', 'a.yaml'], { cwd: folder });
    expect({ code, files: await readdir(folder) }).toEqual({ code: 2, files: ['a.yaml'] });
  });

  test('refuses a lock that somebody has broken', async () => {
    const { folder } = await published('a');
    await writeFile(join(folder, 'published.lock'), 'a: yes\n');
    const { code, stderr } = await runMuster(['publish', 'a.yaml'], { cwd: folder });
    expect({ code, place: stderr.includes('published.lock:1') }).toEqual({ code: 2, place: true });
  });
});

describe('dry-run', () => {
  const step = { path: 'a', title: 'Look', depth: 0, verdict: 'read', says: ['It answers: 1'] } as const;
  const blocked = {
    ...step,
    path: 'b',
    verdict: 'blocked',
    says: ['No.'],
    code: 'vro.planNotFound',
  } as const;
  const stackWith = (...steps: readonly DryRunStep[]) => ({
    runDryRun: async () => ({ ...NOTHING_TO_DO, steps }),
  });

  test('shows each step, and ends well when nothing is in the way', async () => {
    const { code, stdout } = await runMuster(['dry-run', 'dr-drill'], { ...shipped, stack: stackWith(step) });
    expect({ code, shows: stdout.includes('✓ a  Look\n    It answers: 1') }).toEqual({
      code: 0,
      shows: true,
    });
  });

  const past = { runs: 5, takesMs: 725_000, peopleMs: 60_000 };
  test.each([
    [{ kind: 'none' }, 'How long it takes: no past run to estimate from.'],
    [
      { kind: 'unknown', code: 'temporal.unreachable', why: 'No server.' },
      'How long it takes: past runs could not be looked at. No server.',
    ],
    [
      { kind: 'estimate', mode: 'drill', changed: 0, ...past, peopleMs: 0 },
      'How long it takes: 12 m 5 s (the median of the newest 5 drills that ended well).',
    ],
    [
      { kind: 'estimate', mode: 'live', changed: 2, ...past },
      'How long it takes: 12 m 5 s, and 1 m waiting for people (the median of the newest 5 live runs that ended well).\n' +
        'No drill has ended well yet.\n2 of them ran another version of this runbook.',
    ],
  ] as const)('tells what past runs say: %j', async (estimate, line) => {
    const stack = { runDryRun: async () => ({ ...NOTHING_TO_DO, estimate }) };
    const { stdout } = await runMuster(['dry-run', 'dr-drill'], { ...shipped, stack });
    expect(stdout).toContain(`\n${line}\n`);
  });

  test('tells of a step how long it usually takes', async () => {
    const { stdout } = await runMuster(['dry-run', 'dr-drill'], {
      ...shipped,
      stack: stackWith({ ...step, estimate: past }),
    });
    expect(stdout).toContain('a  Look  (usually 12 m 5 s, and 1 m waiting for people)');
  });

  test.each([
    ['vro.planNotFound', 1],
    ['veeam.unreachable', 4],
  ])('ends otherwise when something is: %s', async (code, exit) => {
    const stack = stackWith(step, { ...blocked, code });
    const ended = await runMuster(['dry-run', 'dr-drill'], { ...shipped, stack });
    expect({ code: ended.code, told: ended.stdout.includes('look at b.') }).toEqual({
      code: exit,
      told: true,
    });
  });
});

test.each(await readdir(RUNBOOKS).then((files) => files.filter((file) => file.endsWith('.yaml'))))(
  '%s can be explained, printed and drawn',
  async (file) => {
    const codes = [];
    for (const name of ['explain', 'print', 'graph']) {
      codes.push((await runMuster([name, join('runbooks', file)], shipped)).code);
    }
    expect(codes).toEqual([0, 0, 0]);
  },
);
