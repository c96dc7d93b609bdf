import { expect, test } from 'vitest';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { RUN_ID, START } from './sample-run.ts';

test('a pruning needs a yes', async () => {
  const muster = fakeMuster();
  const { code, stderr } = await runMuster(['ledger', 'prune', '--as', 'anna'], { muster });
  expect([code, muster.calls]).toEqual([2, []]);
  expect(stderr).toContain('--dry-run');
});

test('a dry run of a pruning shows what would go, and what stays and why', async () => {
  const muster = fakeMuster({
    prune: async () => ({
      policy: { runs: 1, drills: 1 },
      entries: 12,
      runs: ['erp-1'],
      losingRefusals: ['erp-2'],
      kept: [{ runId: 'erp-3', because: 'hold' }],
    }),
  });
  const { stdout } = await runMuster(['ledger', 'prune', '--dry-run', '--as', 'anna'], { muster });
  expect(stdout).toBe(`The texts of 12 entries would go.
  erp-1
  erp-2: refused answers only; its evidence cannot be exported any more
Old enough, and staying:
  erp-3: it is held
`);
});

test('a hold needs a reason', async () => {
  const muster = fakeMuster();
  const without = await runMuster(['ledger', 'hold', RUN_ID, '--as', 'anna'], { muster });
  const with17 = await runMuster(['ledger', 'hold', RUN_ID, '--reason', 'matter 17', '--as', 'anna'], {
    muster,
  });
  expect([without.code, with17.code]).toEqual([2, 0]);
  expect(muster.calls).toContainEqual(['hold', { person: 'anna', runId: RUN_ID, reason: 'matter 17' }]);
});

test('the audit of a run shows what was found', async () => {
  const findings = [{ found: 'terminated', where: 'x/7', says: 'The run was terminated by root.' }] as const;
  const audit = { runId: RUN_ID, isFinal: true, auditedAt: START, findings };
  const muster = fakeMuster({ audits: async () => [audit] });
  const { stdout } = await runMuster(['ledger', 'audit', RUN_ID], { muster });
  expect(stdout).toContain('1 found');
  expect(stdout).toContain('terminated  The run was terminated by root.');
});

test('only one run is compared at once', async () => {
  const { code, stderr } = await runMuster(['ledger', 'audit', '--now']);
  expect(code).toBe(2);
  expect(stderr).toContain('Say which run');
});
