import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeControl } from '../client/fake-control.ts';
import { makeMuster } from '../client/make-muster.ts';
import { runMuster } from './run-muster.ts';

const runbook = (name: string, wait = '1s'): string =>
  `apiVersion: muster/v1\nname: ${name}\nsteps: [{ id: a, wait: ${wait} }]\n`;
const MAIN = 'apiVersion: muster/v1\nname: main\nsteps: [{ id: a, runbook: inner }]\n';
const COMPOSED = 'caf\u00e9.yaml';
const DECOMPOSED = 'cafe\u0301.yaml';

/** A folder with these files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-clash-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

/** The codes that `validate` finds in each of these files. */
async function codesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { muster } = await makeMuster(fakeControl());
  const cwd = await folderWith(files);
  const { stdout } = await runMuster(['validate', '--json', ...Object.keys(files)], { cwd, muster });
  const checked = JSON.parse(stdout) as { ok: boolean; diagnostics: { code: string }[] }[];
  return checked.map(({ ok, diagnostics }) => [ok, ...diagnostics.map(({ code }) => code)].join(' '));
}

describe('files that are validated together', () => {
  test.each([
    ['differ in case', { 'Plan.yaml': runbook('a'), 'plan.yaml': runbook('b') }],
    ['differ in their ending', { 'plan.yml': runbook('a'), 'plan.yaml': runbook('b') }],
    ['write an accent in two ways', { [COMPOSED]: runbook('a'), [DECOMPOSED]: runbook('b') }],
    ['call their runbooks alike', { 'one.yaml': runbook('a'), 'two.yaml': runbook('a') }],
  ])('are refused when they %s', async (_, files) => {
    expect(await codesOf(files)).toEqual(['false DUPLICATE_NAME', 'false DUPLICATE_NAME']);
  });

  test('may be called alike in different folders', async () => {
    const files = { 'old/plan.yaml': runbook('plan'), 'new/plan.yaml': runbook('plan') };
    expect(await codesOf(files)).toEqual(['true', 'true']);
  });

  test('may be one file, named twice', async () => {
    const { muster } = await makeMuster(fakeControl());
    const cwd = await folderWith({ 'plan.yaml': runbook('plan') });
    expect((await runMuster(['validate', 'plan.yaml', './plan.yaml'], { cwd, muster })).code).toBe(0);
  });

  test('are told what clashes and what to do', async () => {
    const { muster } = await makeMuster(fakeControl());
    const cwd = await folderWith({ 'a.yaml': runbook('x'), 'b.yaml': runbook('x') });
    const { code, stdout } = await runMuster(['validate', 'a.yaml', 'b.yaml'], { cwd, muster });
    expect(code).toBe(2);
    expect(stdout).toContain('b.yaml is called `x`, too.\n  hint: Rename one of them.');
  });
});

describe('publishing', () => {
  test.each([
    ['in one folder', ['one.yaml', 'two.yaml']],
    ['in two folders', ['old/plan.yaml', 'new/plan.yaml']],
  ])('refuses two runbooks of one name, %s', async (_, names) => {
    const cwd = await folderWith(
      Object.fromEntries(names.map((name, i) => [name, runbook('a', `${i + 1}s`)])),
    );
    const { code, stderr } = await runMuster(['publish', ...names, '--lock', 'lock'], { cwd });
    expect({ code, told: stderr.includes('DUPLICATE_NAME') }).toEqual({ code: 2, told: true });
  });
});

describe('a runbook that another one runs', () => {
  const explained = async (files: Readonly<Record<string, string>>) =>
    runMuster(['explain', 'main.yaml'], { cwd: await folderWith({ 'main.yaml': MAIN, ...files }) });

  test.each([
    ['case', 'Inner.yaml'],
    ['ending', 'inner.yml'],
  ])('is refused when a file beside it differs in %s only', async (_, other) => {
    const { code, stderr } = await explained({ 'inner.yaml': runbook('inner'), [other]: runbook('inner') });
    expect({ code, told: stderr.includes(`(${other === 'Inner.yaml' ? 'inner.yaml' : other})`) }).toEqual({
      code: 2,
      told: true,
    });
    expect(stderr).toContain('FILE_AMBIGUOUS');
  });

  test('is found by its exact name only, as on every machine', async () => {
    const { code, stderr } = await explained({ 'INNER.yaml': runbook('inner') });
    expect({ code, told: stderr.includes('UNKNOWN_RUNBOOK') }).toEqual({ code: 2, told: true });
  });

  test('is found with either ending', async () => {
    expect((await explained({ 'inner.yml': runbook('inner') })).code).toBe(0);
  });
});

test('a runbook that is named must be one file in its folder', async () => {
  const folder = await folderWith({ 'erp.yaml': runbook('erp'), 'ERP.yml': runbook('erp') });
  const { code, stderr } = await runMuster(['explain', 'erp'], { runbookFolders: [folder] });
  expect({ code, told: stderr.includes('FILE_AMBIGUOUS') }).toEqual({ code: 2, told: true });
});
