import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/stack/project.ts';

const STEP = 'steps:\n  - { id: ready, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }\n';
const HEAD = 'apiVersion: muster/v1\nname: test\nconnections: { vro: dr-site }\n';
const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map(
    (key, index) =>
      `${key}: &${key} [${Array(9)
        .fill(`*${'abcdefgh'[index] ?? 'a'}`)
        .join(',')}]`,
  )
  .join('\n')}\n`;

/** What is wrong, the text, and where the diagnostic must point. */
const BAD: readonly (readonly [what: string, text: string, code: string, position: string])[] = [
  [
    'an unknown action',
    `${HEAD}steps:\n  - { id: a, uses: vro.failovr, with: { plan: X } }\n`,
    'UNKNOWN_ACTION',
    ':5:',
  ],
  ['an unknown key', `${HEAD}aproval: true\n${STEP}`, 'UNKNOWN_KEY', ':4:1'],
  ['an unknown reference', `${HEAD}${STEP}  - { id: b, check: 'inputs.nothing == 1' }\n`, 'UNKNOWN', ':6:'],
  ['an alias bomb of a few hundred bytes', BOMB, 'ALIAS', ':1:'],
  ['5,000 open brackets', '['.repeat(5_000), 'DEPTH', ':1:'],
  [
    'a condition that is a YAML tag',
    `${HEAD}${STEP.replace('id: ready,', 'id: ready, if: !x,')}`,
    'TAG',
    ':5:',
  ],
];

for (const [what, text, code, position] of BAD) {
  test(`${what} ends with exit code 2 and a position`, async () => {
    const { exitCode, stderr, stdout } = await muster(['validate', await file(text)]);
    expect({ exitCode, output: stdout + stderr }).toEqual({
      exitCode: 2,
      output: expect.stringContaining(code) as string,
    });
    expect(stdout + stderr).toContain(`test.yaml${position}`);
  });
}

test('a missing and an ill-typed input are both named before anything starts', async () => {
  const text = `${HEAD}inputs:\n  plan: { type: vroPlan }\n  count: { type: integer }\n${STEP.replace('ERP-CANARY', '"${{ inputs.plan }}"')}  - { id: b, check: 'inputs.count > 0' }\n`;
  const { exitCode, stdout, stderr } = await muster([
    'run',
    await file(text),
    '-i',
    'count=many',
    '--as',
    'anna',
  ]);
  expect(exitCode).toBe(2);
  expect(stdout + stderr).toMatch(/INPUT_MISSING[\s\S]*INPUT_TYPE|INPUT_TYPE[\s\S]*INPUT_MISSING/);
});

test('a runbook that is not there ends with exit code 2', async () => {
  expect((await muster(['run', 'no-such-runbook', '--as', 'anna'])).exitCode).toBe(2);
});

test('an unknown command suggests the nearest one', async () => {
  const { exitCode, stderr } = await muster(['vot', 'x']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('vote') as string });
});

test('without a stack, whoever asks for runs is told how to start one', async () => {
  const { exitCode, stderr } = await muster(['runs']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 4,
    stderr: expect.stringContaining('npm start') as string,
  });
});

test('a Temporal server that does not answer ends with exit code 4', async () => {
  const config = join(await folder(), 'muster.yaml');
  await writeFile(
    config,
    'temporal: { address: "127.0.0.1:1", namespace: default }\nsignIn: { trustLocal: true }\n',
  );
  const { exitCode, stdout } = await muster(['--config', config, 'runs', '--json']);
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'temporal.unreachable' } });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function file(text: string): Promise<string> {
  const path = join(await folder(), 'test.yaml');
  await writeFile(path, text);
  return path;
}

/** Runs the real command, on an empty data folder unless the arguments name another. */
async function muster(
  args: readonly string[],
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const data = await folder();
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/muster.mjs'), '--data', data, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}
