import { describe, expect, test } from 'vitest';
import type { GateFacts } from '../../src/model/gate-facts.ts';
import { restorePointsOf } from '../../src/model/restore-points.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { at, done, gate } from '../ledger/report/sample.ts';

const FAILOVER = done('failover', 15, 35, { uses: 'vro.failover' });

function approval(given: JsonObject, action = 'vro.failover') {
  const covered = [{ path: 'failover', action, with: given, target: 'dr-site/plan/ERP' }];
  return done('go', 5, 15, { kind: 'approval', gate: gate({ covered }) });
}

function facts(points: Record<string, number>): GateFacts {
  const machines = Object.entries(points).map(([name, newestPoint]) => ({
    name,
    isCritical: true,
    newestPoint,
  }));
  return { at: at(5), plans: [], machines, more: 0, unknown: [] };
}

describe('the restore points of a run', () => {
  test('are those that a gate knew as the newest', () => {
    const gates = [{ path: 'go', facts: facts({ db: at(-10), web: at(-4) }) }];
    const points = restorePointsOf([approval({ restorePoint: 'latest' }), FAILOVER], gates);
    expect(points.map(({ machine, madeAt, how, usedBy }) => [machine, madeAt, how, usedBy])).toEqual([
      ['db', at(-10), 'newest', ['failover']],
      ['web', at(-4), 'newest', ['failover']],
    ]);
  });

  test('are those that people named, whatever newer ones there were', () => {
    const restorePoint = new Date(at(-600)).toISOString();
    const gates = [{ path: 'go', facts: facts({ db: at(-10) }) }];
    const points = restorePointsOf([approval({ restorePoint }), FAILOVER], gates);
    expect(points).toMatchObject([{ madeAt: at(-600), how: 'named', knownFrom: 'vro' }]);
  });

  test('that were approved and never used do not count', () => {
    const gates = [{ path: 'go', facts: facts({ db: at(-10) }) }];
    expect(restorePointsOf([approval({ restorePoint: 'latest' })], gates)).toEqual([]);
  });

  test('of replicas are told for each machine', () => {
    const given = { replicas: ['db', 'web'], restorePoint: '2026-03-01T01:00Z' };
    const points = restorePointsOf([approval(given, 'vbr.failover'), { ...FAILOVER, uses: 'vbr.failover' }]);
    expect(points.map(({ machine, knownFrom }) => [machine, knownFrom])).toEqual([
      ['db', 'vbr'],
      ['web', 'vbr'],
    ]);
  });

  test('are read by the check of Veeam ONE, as the oldest of all', () => {
    const rpo = done('rpo', 0, 1, { uses: 'one.checkRpo', output: { oldestMinutes: 12, failed: [] } });
    expect(restorePointsOf([rpo, FAILOVER])).toMatchObject([
      { madeAt: at(1) - 12 * 60_000, knownFrom: 'one' },
    ]);
  });

  test('are read from the replica itself, the newest point of it', () => {
    const points = [{ created: '2026-03-01T02:30:00Z' }, { created: '2026-03-01T01:30:00Z' }];
    const read = done('points', 0, 1, {
      uses: 'vbr.replicaPoints',
      output: { replica: { name: 'db' }, points },
    });
    expect(restorePointsOf([read, FAILOVER])).toMatchObject([
      { machine: 'db', madeAt: Date.UTC(2026, 2, 1, 2, 30), knownFrom: 'vbr' },
    ]);
  });

  test('that are read after the failover say nothing of it', () => {
    const rpo = done('rpo', 40, 41, { uses: 'one.checkRpo', output: { oldestMinutes: 12, failed: [] } });
    expect(restorePointsOf([FAILOVER, rpo])).toEqual([]);
  });

  test('that make no sense are left out', () => {
    const odd = { replica: 'db', points: [{ created: 'yesterday' }, null, 7] };
    const read = done('points', 0, 1, { uses: 'vbr.replicaPoints', output: odd as unknown as JsonObject });
    expect(restorePointsOf([read, FAILOVER])).toEqual([]);
  });
});
