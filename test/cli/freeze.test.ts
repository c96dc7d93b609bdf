import { expect, test } from 'vitest';
import type { Freeze } from '../../src/model/freeze.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { RUN_ID, START } from './sample-run.ts';

/** What the clock of a command line says. */
const NOW = START + 60_000;
const HOUR = 3_600_000;
const FREEZE: Freeze = {
  id: 'fz-1a2b3c4d',
  reason: 'wrong plan',
  by: 'anna',
  at: NOW,
  scope: {},
  from: NOW,
};

test('a freeze carries reason, scope and times', async () => {
  const muster = fakeMuster();
  const scope = ['--runbook', 'erp-*', '--connection', 'dr-site', '--mode', 'live'];
  const times = ['--from', '1h', '--until', '2025-01-31T08:00+01:00'];
  const { code } = await runMuster(['freeze', '--reason', 'CHG1', ...scope, ...times, '--as', 'anna'], {
    muster,
  });
  expect(code).toBe(0);
  expect(muster.calls).toContainEqual([
    'freeze',
    {
      person: 'anna',
      reason: 'CHG1',
      scope: { runbooks: 'erp-*', connection: 'dr-site', mode: 'live' },
      from: NOW + HOUR,
      until: Date.parse('2025-01-31T07:00Z'),
    },
  ]);
});

test('what a freeze could not stop is listed', async () => {
  const goesOn = [{ runId: RUN_ID, path: 'failover', says: 'vro.failover of ERP is being sent' }];
  const muster = fakeMuster({ freeze: async () => ({ freeze: FREEZE, goesOn }) });
  const { stdout } = await runMuster(['freeze', '--reason', 'x', '--as', 'anna'], { muster });
  expect(stdout).toBe(`Frozen (fz-1a2b3c4d): everything. Nothing of it starts, and no step of it begins.
Not stopped by this (1):
  ${RUN_ID}  failover  vro.failover of ERP is being sent
End it: npx muster unfreeze fz-1a2b3c4d
`);
});

test('a planned freeze says that nothing is frozen yet', async () => {
  const later = { ...FREEZE, from: NOW + HOUR };
  const muster = fakeMuster({ freeze: async () => ({ freeze: later, goesOn: [] }) });
  const { stdout } = await runMuster(['freeze', '--reason', 'x', '--from', '1h', '--as', 'anna'], { muster });
  expect(stdout).toMatch(/^Planned \(fz-1a2b3c4d\): everything will be frozen from 2025-01-31 04:01:00Z\./);
});

test.each([
  ['without a reason', []],
  ['with an empty reason', ['--reason', ' ']],
  ['with a time that is none', ['--reason', 'x', '--until', 'tomorrow']],
  ['with a time without its zone', ['--reason', 'x', '--until', '2025-02-01T08:00']],
  ['that ends before it begins', ['--reason', 'x', '--from', '2h', '--until', '1h']],
  ['that has ended', ['--reason', 'x', '--until', '2025-01-01T08:00Z']],
])('a freeze %s is bad input', async (_what, flags) => {
  const muster = fakeMuster();
  const { code } = await runMuster(['freeze', ...flags, '--as', 'anna'], { muster });
  expect([code, muster.calls.filter(([call]) => call === 'freeze')]).toEqual([2, []]);
});

test('a freeze needs somebody who sets it', async () => {
  const { code, stderr } = await runMuster(['freeze', '--reason', 'x']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('cli.personMissing')]);
});

test('freezes are listed with what they hold, and for how long', async () => {
  const planned = { ...FREEZE, id: 'fz-2', scope: { mode: 'live' as const }, from: NOW + HOUR };
  const muster = fakeMuster({ freezes: async () => [FREEZE, planned] });
  const { stdout } = await runMuster(['freezes'], { muster });
  expect(stdout).toMatch(/fz-1a2b3c4d +frozen +everything +2025-01-31 03:01:00Z +anna +wrong plan/);
  expect(stdout).toMatch(/fz-2 +planned +live runs/);
});

test('one freeze is ended, or all that are in force', async () => {
  const muster = fakeMuster();
  await runMuster(['unfreeze', 'fz-1', '--as', 'anna'], { muster });
  await runMuster(['unfreeze', '--as', 'anna'], { muster });
  expect(muster.calls.filter(([call]) => call === 'unfreeze')).toEqual([
    ['unfreeze', { id: 'fz-1', person: 'anna' }],
    ['unfreeze', { person: 'anna' }],
  ]);
});
