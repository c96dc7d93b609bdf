import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ScheduleChange, ScheduleView } from '../../src/client/index.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runbookOf } from '../support/runbook-of.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';

const TERMS = {
  cron: '0 6 15 2,5,8,11 *',
  timezone: 'Europe/Berlin',
  mode: 'drill',
  inputs: { plan: 'ERP' },
  digest: 'a'.repeat(64),
} as const;
const ADDED: ScheduleChange = { id: 'dr-drill/quarterly', what: 'add', after: TERMS };
const VIEW: ScheduleView = {
  ...TERMS,
  id: 'dr-drill/quarterly',
  paused: false,
  appliedBy: 'anna',
  appliedAt: 0,
  next: Date.parse('2027-02-15T05:00:00Z'),
};

async function file(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'test.yaml');
  await writeFile(path, runbookOf('steps: [{ id: a, wait: 1s }]\n'));
  return path;
}

/** A muster that would make these changes, and counts how often it did. */
function applying(changes: readonly ScheduleChange[]) {
  let applied = 0;
  const base = fakeMuster();
  const muster = {
    ...base,
    schedules: {
      ...base.schedules,
      plan: async () => changes,
      apply: async () => {
        applied += 1;
        return changes;
      },
    },
  };
  return { muster, applied: () => applied };
}

describe('schedule apply', () => {
  test('shows what it changes', async () => {
    const { muster, applied } = applying([
      ADDED,
      {
        id: 'dr-drill/x',
        what: 'change',
        before: TERMS,
        after: { ...TERMS, cron: '0 7 * * *' },
        changed: ['cron'],
      },
      { id: 'dr-drill/y', what: 'remove', before: TERMS },
    ]);
    const { code, stdout } = await runMuster(['schedule', 'apply', await file(), '--yes', '--as', 'anna'], {
      muster,
    });
    expect([code, applied()]).toEqual([EXIT.ok, 1]);
    expect(stdout.split('\n')).toEqual([
      '+ dr-drill/quarterly: drill at 0 6 15 2,5,8,11 * (Europe/Berlin), with {"plan":"ERP"}, runbook aaaaaaaaaaaa',
      '~ dr-drill/x:',
      '    cron: 0 6 15 2,5,8,11 * -> 0 7 * * *',
      '- dr-drill/y: drill at 0 6 15 2,5,8,11 * (Europe/Berlin), with {"plan":"ERP"}, runbook aaaaaaaaaaaa',
      'It is in force.',
      '',
    ]);
  });

  test('changes nothing where nobody can be asked', async () => {
    const { muster, applied } = applying([ADDED]);
    const { code, stderr } = await runMuster(['schedule', 'apply', await file(), '--as', 'anna'], { muster });
    expect([code, applied()]).toEqual([EXIT.badInput, 0]);
    expect(stderr).toContain('--yes');
  });

  test('changes nothing when it is only to show', async () => {
    const { muster, applied } = applying([ADDED]);
    const args = ['schedule', 'apply', await file(), '--dry-run', '--as', 'anna'];
    const { code, stdout } = await runMuster([...args, '--json'], { muster });
    expect([code, applied()]).toEqual([EXIT.ok, 0]);
    expect(JSON.parse(stdout)).toEqual({ applied: false, changes: [ADDED] });
  });

  test('asks nothing when there is nothing to change', async () => {
    const { muster, applied } = applying([{ id: 'dr-drill/quarterly', what: 'keep', after: TERMS }]);
    const { code, stdout } = await runMuster(['schedule', 'apply', await file(), '--as', 'anna'], { muster });
    expect([code, applied()]).toEqual([EXIT.ok, 0]);
    expect(stdout).toContain('as it is');
  });
});

describe('schedule', () => {
  test('list shows when each comes next, and what it did last', async () => {
    const base = fakeMuster();
    const last = {
      id: 'l',
      schedule: VIEW.id,
      runbook: 'dr-drill',
      digest: TERMS.digest,
      mode: 'drill',
      scheduledAt: Date.parse('2026-11-15T05:00:00Z'),
      beganAt: 0,
      runId: 'r',
      outcome: 'notStarted',
      code: 'frozen',
      reason: 'the \u001b[2Jaudit',
    } as const;
    const muster = { ...base, schedules: { ...base.schedules, list: async () => [{ ...VIEW, last }] } };
    const { stdout } = await runMuster(['schedule', 'list'], { muster });
    expect(stdout).toContain('2027-02-15 05:00Z');
    expect(stdout).toContain('2026-11-15 05:00Z frozen: the ␛[2Jaudit');
  });

  test.each(['pause', 'resume', 'trigger', 'remove'])('%s acts for whoever asks', async (what) => {
    const muster = fakeMuster();
    const { code } = await runMuster(['schedule', what, 'dr-drill/quarterly', '--as', 'anna'], { muster });
    expect(code).toBe(EXIT.ok);
    expect(muster.calls).toContainEqual([
      `schedules.${what}`,
      expect.objectContaining({ id: 'dr-drill/quarterly', person: 'anna' }),
    ]);
  });

  test('next takes a number', async () => {
    const { code, stderr } = await runMuster(['schedule', 'next', 'soon']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('COUNT is a number');
  });
});
