import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT, tempFolder } from './helpers.ts';

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with this Node, and with a stand-in for npm when `npm` names one. */
async function run(script: string, args: readonly string[], npm = ''): Promise<End> {
  const env = { ...process.env, npm_execpath: npm };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

/** A clone without packages, whose check only says that it ran. */
async function freshClone(): Promise<{
  clone: string;
  npm: string;
  setup: (...args: string[]) => Promise<End>;
}> {
  const clone = await tempFolder();
  for (const part of ['tools', 'bin']) {
    await cp(join(PROJECT_ROOT, part), join(clone, part), { recursive: true });
  }
  await writeFile(join(clone, 'package.json'), '{"type":"module"}');
  await writeFile(join(clone, 'package-lock.json'), '{"lockfileVersion":3}');
  await writeFile(join(clone, 'tools', 'check.mjs'), 'console.log("checking", process.argv.slice(2).join())');
  const npm = join(clone, 'npm-cli.cjs');
  await writeFile(
    npm,
    `const fs = require('node:fs');
fs.appendFileSync(__dirname + '/npm.log', process.argv[2] + '\\n');
fs.mkdirSync(__dirname + '/node_modules', { recursive: true });
console.warn('npm warn deprecated something');`,
  );
  return { clone, npm, setup: (...args) => run(join(clone, 'tools', 'setup.mjs'), args, npm) };
}

describe('the set-up', () => {
  it('installs what the lock file names, once, and hands over', async () => {
    const { clone, setup } = await freshClone();
    const first = await setup('test', 'test/model');
    const second = await setup('test');
    expect(first).toMatchObject({ code: 0, stdout: 'checking test/model\n' });
    expect(first.stderr).toMatch(/^Installing packages …\nPackages installed in \d+ s\.\n$/);
    expect(second).toEqual({ code: 0, stdout: 'checking \n', stderr: '' });
    expect(await readFile(join(clone, 'npm.log'), 'utf8')).toBe('ci\n');
  });

  it('installs anew when the lock file changed or the packages are gone', async () => {
    const { clone, setup } = await freshClone();
    await setup('test');
    await writeFile(join(clone, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    await setup('test');
    await rm(join(clone, 'node_modules'), { recursive: true });
    await setup('test');
    expect(await readFile(join(clone, 'npm.log'), 'utf8')).toBe('ci\nci\nci\n');
  });

  it('shows what npm says when it fails, and tries again next time', async () => {
    const { npm, setup } = await freshClone();
    const working = await readFile(npm, 'utf8');
    await writeFile(npm, 'console.error("npm error network"); process.exitCode = 7;');
    const failed = await setup('test');
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('npm error network');
    await writeFile(npm, working);
    expect(await setup('test')).toMatchObject({ code: 0 });
  });
});

describe('bin/muster.mjs', () => {
  it('says what to do when the packages are missing', async () => {
    const { clone } = await freshClone();
    const end = await run(join(clone, 'bin', 'muster.mjs'), ['runs']);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toContain('npm ci');
  });
});

/** A clone whose four tools end as asked. */
async function cloneWithTools({ tsc = '', vitest = '' }): Promise<string> {
  const clone = await tempFolder();
  await cp(join(PROJECT_ROOT, 'tools'), join(clone, 'tools'), { recursive: true });
  const tools = {
    'typescript/bin/tsc': tsc,
    'eslint/bin/eslint.js': '',
    'prettier/bin/prettier.cjs': '',
    'vitest/vitest.mjs': vitest,
  };
  for (const [path, code] of Object.entries(tools)) {
    const file = join(clone, 'node_modules', path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, code);
  }
  return join(clone, 'tools', 'check.mjs');
}

/** Code of a vitest that reports these counts. */
const reporting = (passed: number, failed: number, code = failed > 0 ? 1 : 0) => `
import { writeFileSync } from 'node:fs';
const file = process.argv.find((word) => word.startsWith('--outputFile.json=')).split('=')[1];
writeFileSync(file, JSON.stringify({ numPassedTests: ${passed}, numFailedTests: ${failed} }));
process.exitCode = ${code};`;

const lastLine = ({ stdout }: End) => stdout.trimEnd().split('\n').at(-1);

describe('the whole check', () => {
  it('counts tests and checks together in its last line', async () => {
    const end = await run(await cloneWithTools({ vitest: reporting(40, 0) }), []);
    expect(end.code).toBe(0);
    expect(lastLine(end)).toBe('43 passed, 0 failed');
  });

  it('goes on after a failed check, and shows its output', async () => {
    const tsc = 'console.log("error TS2345"); process.exitCode = 2;';
    const end = await run(await cloneWithTools({ tsc, vitest: reporting(40, 2) }), []);
    expect(end.code).toBe(1);
    expect(end.stdout).toMatch(/error TS2345\nFAIL {2}types/);
    expect(lastLine(end)).toBe('42 passed, 3 failed');
  });

  it.each([
    { what: 'no test ran', vitest: reporting(0, 0), last: '3 passed, 0 failed' },
    { what: 'an error lay outside the tests', vitest: reporting(40, 0, 1), last: '43 passed, 1 failed' },
    { what: 'the suite broke off', vitest: 'process.exitCode = 1;', last: '3 passed, 1 failed' },
  ])('fails when $what', async ({ vitest, last }) => {
    const end = await run(await cloneWithTools({ vitest }), []);
    expect(end.code).toBe(1);
    expect(lastLine(end)).toBe(last);
  });
});
