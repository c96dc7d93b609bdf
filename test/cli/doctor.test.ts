import { expect, test } from 'vitest';
import type { DoctorConnection, DoctorReport } from '../../src/cli/doctor-report.ts';
import type { DoctorOptions } from '../../src/cli/stack-door.ts';
import { HEALTHY } from './fake-door.ts';
import { runMuster, type Setting } from './run-muster.ts';

const SITE: DoctorConnection = {
  name: 'dr-site',
  kind: 'vro',
  url: 'https://vro.example:9898',
  apiVersion: 'v7.21',
  simulator: false,
  level: 'warn',
  reached: true,
  lines: [
    { check: 'tcp', level: 'ok', says: 'connected to vro.example:9898', ms: 3 },
    { check: 'scope', level: 'warn', says: 'no plans seen in no scope', now: 'Give the account a role.' },
  ],
};

const DEAD: DoctorConnection = {
  ...SITE,
  name: 'dr-backup',
  kind: 'vbr',
  apiVersion: '1.1-rev1',
  level: 'bad',
  reached: false,
  lines: [{ check: 'tcp', level: 'bad', says: 'ECONNREFUSED', now: 'Check that the server runs.' }],
};

/** A simulator that does not run has no address. */
const DOWN: DoctorConnection = {
  name: 'hq',
  kind: 'one',
  apiVersion: 'v2.3',
  simulator: true,
  level: 'bad',
  reached: false,
  lines: [],
};

/** Runs a command line whose doctor finds this; also what the doctor was asked. */
async function examined(report: DoctorReport, { args = ['doctor'], said = [], ...setting }: Given = {}) {
  const asked: DoctorOptions[] = [];
  const ended = await runMuster(args, {
    ...setting,
    stack: {
      runDoctor: async (options) => {
        asked.push(options);
        for (const line of said) options.onProgress(line);
        return report;
      },
    },
  });
  return { ...ended, asked };
}

interface Given extends Setting {
  readonly args?: readonly string[];
  /** Progress that the doctor tells. */
  readonly said?: readonly string[];
}

const found = (connections: readonly DoctorConnection[], own: DoctorReport['own'] = []): DoctorReport => ({
  level: [...connections, ...own].some(({ level }) => level === 'bad') ? 'bad' : 'warn',
  connections,
  own,
});

test('each finding has a sign that needs no colour, and what to do stands below it', async () => {
  const own = [{ check: 'data', level: 'ok', says: '.muster can be written' }] as const;
  const { stdout } = await examined(found([SITE, DEAD], own));

  expect(stdout).toBe(`dr-site  VRO v7.21, https://vro.example:9898
  ✓ tcp       connected to vro.example:9898  3 ms
  ! scope     no plans seen in no scope
              now: Give the account a role.

dr-backup  VBR 1.1-rev1, https://vro.example:9898
  ✗ tcp       ECONNREFUSED
              now: Check that the server runs.

muster itself
  ✓ data      .muster can be written

✗ 2 connections examined: muster cannot work with dr-backup; 1 warning.
`);
});

test('colours tell the same where they are wanted', async () => {
  const { stdout } = await examined(found([SITE, DEAD]), { colour: true });

  expect(stdout).toContain('\u001b[32m✓');
  expect(stdout).toContain('\u001b[33m!');
  expect(stdout).toContain('\u001b[31m✗');
});

test('a simulator is not mistaken for a server', async () => {
  const { stdout } = await examined(found([{ ...SITE, simulator: true }, DOWN]));

  expect(stdout).toContain('dr-site  VRO v7.21, the simulator at https://vro.example:9898\n');
  expect(stdout).toContain('hq  Veeam ONE v2.3, the simulator\n');
});

test.each([
  ['nothing is found', HEALTHY, 0],
  ['there are only warnings', found([SITE]), 0],
  ['a server is away', found([SITE, DEAD]), 4],
  ['Temporal is away', found([], [{ check: 'temporal', level: 'bad', says: 'away' }]), 4],
  ['a server answers and refuses', found([{ ...DEAD, reached: true }]), 1],
  ['the data folder cannot be written', found([], [{ check: 'data', level: 'bad', says: 'EACCES' }]), 1],
] as const)('when %s, the exit code says so', async (_, report, code) => {
  expect((await examined(report)).code).toBe(code);
});

test('the last line sums it up', async () => {
  const { stdout } = await examined(HEALTHY);

  expect(stdout).toBe('✓ no connections examined: nothing is bad; no warnings.\n');
});

test('with --json there is one document, and progress is not in it', async () => {
  const report = found([SITE, DEAD]);
  const said = ['Still looking: dr-backup (tcp)'];
  const { stdout, stderr } = await examined(report, { args: ['doctor', '--json'], said });

  expect(JSON.parse(stdout)).toEqual(report);
  expect(stderr).toBe('Still looking: dr-backup (tcp)\n');
});

test('words of a server cannot reach the terminal as control characters', async () => {
  const { stdout } = await examined(
    found([{ ...SITE, lines: [{ check: 'read', level: 'warn', says: 'x\u001b]0;y\u0007' }] }]),
  );

  expect(stdout).not.toMatch(/[\u001b\u0007]/);
});

test('names, configuration and data folder reach the stack', async () => {
  const args = ['--config', 'dr.yaml', '--data', 'x', 'doctor', 'dr-site', 'hq'];
  const { asked } = await examined(HEALTHY, { args });

  expect(asked).toMatchObject([{ configFile: 'dr.yaml', dataDir: 'x', connections: ['dr-site', 'hq'] }]);
});

test('the help has examples and says how it ends', async () => {
  const { stdout } = await runMuster(['doctor', '--help']);

  expect(stdout).toContain('npx muster doctor dr-site dr-backup');
  expect(stdout.replace(/\s+/g, ' ')).toContain('ends with 0 when nothing is bad, with 4 when');
});
