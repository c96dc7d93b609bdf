import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../../src/ledger/report/findings-of.ts';
import { stateOfFinding, type Finding } from '../../../src/model/findings.ts';
import { at, decided, done, report, RUN_ID, steps, timeline, view } from './sample.ts';
import type { StepRecord } from '../../../src/model/run.ts';

function raisedBy(...own: StepRecord[]): (string | undefined)[][] {
  const found = findingsOf({ timeline: timeline({ objectives: {} }), steps: own });
  return found.map(({ raisedBy: source, severity, path }) => [source, severity, path]);
}

describe('a run raises by itself', () => {
  test('a finding for each warning and each step that people left out', () => {
    expect(raisedBy(...steps())).toEqual([
      ['warning', 'low', 'failover'],
      ['skip', 'medium', 'checks/old'],
    ]);
  });

  test('none for a step whose `if` was false', () => {
    expect(raisedBy(done('a', 0, 0, { outcome: 'skipped', reason: 'if: false' }))).toEqual([]);
  });

  test('a bad one for a step that failed', () => {
    const failure = { code: 'cleanup.notRestored', message: 'ERP is disabled.' } as const;
    expect(raisedBy(done('cleanup/muster.restored', 0, 1, { outcome: 'failed', failure }))).toEqual([
      ['deviation', 'high', 'cleanup/muster.restored'],
    ]);
  });

  test('one for a step that was done by hand, or needed a retry by people', () => {
    const hand = done('a', 0, 1, { decisions: [decided('done', 1)] });
    const again = done('b', 0, 1, { decisions: [decided('retry', 1)] });
    expect(raisedBy(hand, again)).toEqual([
      ['deviation', 'medium', 'a'],
      ['warning', 'medium', 'b'],
    ]);
  });

  test('none for what another run has done', () => {
    expect(raisedBy(done('a', -10, -5, { outcome: 'warned', takenOver: true }))).toEqual([]);
  });

  test('none twice for a block and the step in it', () => {
    const block = done('checks', 0, 1, { kind: 'parallel', outcome: 'warned' });
    expect(raisedBy(block, done('checks/web', 0, 1, { outcome: 'warned' }))).toEqual([
      ['warning', 'low', 'checks/web'],
    ]);
  });

  test('one for an objective that was missed, and one that was not measured', () => {
    const late = timeline({ declaredAt: at(-120) });
    const found = findingsOf({ timeline: late, steps: [] });
    expect(found.map(({ raisedBy: source, severity, id }) => [source, severity, id])).toEqual([
      ['objective', 'high', `${RUN_ID}:objective:rto:ERP`],
      ['objective', 'low', `${RUN_ID}:objective:rpo`],
    ]);
  });

  test('the same findings with the same ids, however often it is asked', () => {
    expect(findingsOf(view())).toEqual(findingsOf(view()));
  });
});

describe('a finding that is kept', () => {
  const [own] = report().findings;
  const kept: Finding = { ...own, owner: 'team-erp', dueAt: at(55) } as Finding;

  test('stands in the report instead of the one that the run raises', () => {
    const { findings } = report({ findings: [kept] });
    expect(findings.map(({ id, owner }) => [id === kept.id, owner])).toEqual([
      [true, 'team-erp'],
      [false, undefined],
    ]);
  });

  test('is overdue once its date has passed, until it is closed', () => {
    const closed = { ...kept, closedAt: at(58) };
    expect([
      stateOfFinding(kept, at(54)),
      stateOfFinding(kept, at(56)),
      stateOfFinding(closed, at(59)),
    ]).toEqual(['open', 'overdue', 'closed']);
  });
});
