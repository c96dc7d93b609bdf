import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { gateLines } from '../../src/cli/render/gate.ts';
import { recoveryLines } from '../../src/cli/render/recoveries.ts';
import { answersOf } from '../../src/model/manual.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { gate, RUN_ID, START, waitingStep } from './sample-run.ts';

test('an answer carries what was filled in', async () => {
  const muster = fakeMuster();
  const args = [
    'answer',
    RUN_ID,
    'count',
    'shown',
    '-i',
    'orders=112',
    '--comment',
    'all there',
    '--as',
    'dieter',
  ];
  expect((await runMuster(args, { muster })).code).toBe(0);
  expect(muster.calls).toContainEqual([
    'vote',
    {
      runId: RUN_ID,
      gate: 'count',
      decision: 'answer',
      answer: 'shown',
      values: { orders: '112' },
      person: 'dieter',
      comment: 'all there',
    },
  ]);
});

test('a retry carries corrected inputs', async () => {
  const muster = fakeMuster();
  await runMuster(['decide', RUN_ID, 'look', '--retry', '-i', 'plan=ERP', '--as', 'anna'], { muster });
  expect(muster.calls[0]?.[1]).toMatchObject({ decision: 'retry', values: { plan: 'ERP' } });
});

test.each(['pause', 'resume'] as const)('%s names a step, or none', async (command) => {
  const muster = fakeMuster();
  await runMuster([command, RUN_ID, 'failover', '--as', 'anna'], { muster });
  await runMuster([command, RUN_ID, '--reason', 'network', '--as', 'anna'], { muster });
  expect(muster.calls.filter(([call]) => call === command)).toEqual([
    [command, { runId: RUN_ID, step: 'failover', person: 'anna' }],
    [command, { runId: RUN_ID, reason: 'network', person: 'anna' }],
  ]);
});

test('a rerun says from where', async () => {
  const muster = fakeMuster();
  const { code } = await runMuster(['rerun', RUN_ID, '--as', 'anna'], { muster });
  await runMuster(['rerun', RUN_ID, '--from', 'checks/web', '--as', 'anna'], { muster });
  expect(code).toBe(2);
  expect(muster.calls.filter(([call]) => call === 'rerun')).toEqual([
    ['rerun', { runId: RUN_ID, from: 'checks/web', person: 'anna' }],
  ]);
});

test('a runbook brings those along that it runs, and those that they run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const head = (name: string): string => `apiVersion: muster/v1\nname: ${name}\nsteps:\n`;
  const texts = {
    outer: `${head('outer')}  - { id: a, runbook: middle }\n`,
    middle: `${head('middle')}  - { id: a, runbook: inner }\n`,
    inner: `${head('inner')}  - { id: a, wait: 1s }\n`,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.yaml`), text);
  const muster = fakeMuster();
  await runMuster(['run', join(folder, 'outer.yaml'), '--as', 'anna'], { muster });
  expect(muster.calls[0]?.[1]).toMatchObject({ library: { middle: texts.middle, inner: texts.inner } });
});

test('a manual step shows what to do line by line, what to fill in, and the good answers first', () => {
  const asked = gate({
    kind: 'manual',
    title: 'How many orders?',
    instructions: 'Log in. ⏎ Open the list.',
    fields: {
      note: { type: 'string', optional: true },
      orders: { type: 'integer', description: 'open ones' },
    },
    offers: answersOf({ answers: { broken: 'failed', shown: 'succeeded' } }),
    covered: [],
  });
  const step = waitingStep('count', { kind: 'manual', gate: asked });
  const lines = gateLines({ step, gate: asked }, { program: 'muster', runId: RUN_ID, now: START });
  const text = lines.map((line) => stripVTControlCharacters(line).trim());
  expect(text).toEqual(expect.arrayContaining(['Log in.', 'Open the list.']));
  expect(text.filter((line) => line.startsWith('To fill in'))).toEqual([
    'To fill in: orders, integer: open ones',
    'To fill in: note, string, may be left out',
  ]);
  expect(text.filter((line) => line.startsWith('muster answer'))).toEqual([
    `muster answer ${RUN_ID} count shown -i orders=… --as NAME`,
    `muster answer ${RUN_ID} count broken -i orders=… --as NAME`,
  ]);
});

test('a run tells how long applications were away, and whether that was promised', () => {
  const minute = 60_000;
  const recoveries = [
    { application: 'ERP', lostAt: START, recoveredAt: START + 90 * minute, waitedForPeopleMs: 10 * minute },
    { application: 'CRM', lostAt: START, waitedForPeopleMs: 0 },
  ];
  const lines = recoveryLines({ recoveries, objectives: { rtoMs: 120 * minute } }, START + 180 * minute);
  expect(lines.map(stripVTControlCharacters)).toEqual([
    'ERP: back after 1 h 30 m, 10 m of it for people (within the 2 h promised)',
    'CRM: not back after 3 h (more than the 2 h promised)',
  ]);
});
