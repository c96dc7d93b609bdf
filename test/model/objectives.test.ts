import { describe, expect, test } from 'vitest';
import { measuredObjectives, type MeasuredRun } from '../../src/model/objectives.ts';
import type { RestorePoint } from '../../src/model/restore-points.ts';
import type { StepRecord } from '../../src/model/run.ts';

const MINUTE = 60_000;
const OBJECTIVES = { rtoMs: 60 * MINUTE, rpoMs: 15 * MINUTE };

function point(madeAt: number, over: Partial<RestorePoint> = {}): RestorePoint {
  return {
    machine: 'db',
    madeAt,
    how: 'newest',
    knownFrom: 'one',
    path: 'go',
    usedBy: ['failover'],
    ...over,
  };
}

function check(path: string, endedAt: number, over: Partial<StepRecord> = {}): StepRecord {
  const base = { path, title: path, kind: 'uses', uses: 'http.check', state: 'ended', attempt: 1 } as const;
  return { ...base, outcome: 'succeeded', startedAt: endedAt - MINUTE, endedAt, ...over };
}

/** From minute 100 to minute 200; ERP was lost at 110 and back at 150. */
function measured({
  timeline = {},
  ...over
}: { timeline?: Partial<MeasuredRun['timeline']> } & Partial<Omit<MeasuredRun, 'timeline'>> = {}) {
  const recoveries = [
    { application: 'ERP', lostAt: 110 * MINUTE, recoveredAt: 150 * MINUTE, waitedForPeopleMs: 0 },
  ];
  return measuredObjectives({
    timeline: {
      startedAt: 100 * MINUTE,
      endedAt: 200 * MINUTE,
      recoveries,
      objectives: OBJECTIVES,
      ...timeline,
    },
    steps: [],
    ...over,
  });
}

describe('the recovery time', () => {
  test('counts from the step that is marked lost', () => {
    expect(measured().rto).toMatchObject({ fromIs: 'lost', achievedMs: 40 * MINUTE, verdict: 'met' });
  });

  test('counts from the declared loss, whatever the steps mark', () => {
    const { rto } = measured({ timeline: { declaredAt: 80 * MINUTE } });
    expect(rto).toMatchObject({ fromIs: 'declared', achievedMs: 70 * MINUTE, verdict: 'missed' });
  });

  test('is told without the time in which people were waited for, each minute once', () => {
    const waits = [
      { from: 100 * MINUTE, to: 120 * MINUTE },
      { from: 115 * MINUTE, to: 125 * MINUTE },
    ];
    const { rto } = measured({ steps: [check('web', 150 * MINUTE, { waits })] });
    expect(rto).toMatchObject({ waitedForPeopleMs: 15 * MINUTE, withoutPeopleMs: 25 * MINUTE });
  });

  test('ends when the last application is back', () => {
    const recoveries = [
      { application: 'ERP', lostAt: 110 * MINUTE, recoveredAt: 150 * MINUTE, waitedForPeopleMs: 0 },
      { application: 'CRM', lostAt: 105 * MINUTE, recoveredAt: 190 * MINUTE, waitedForPeopleMs: 0 },
    ];
    const { rto, applications } = measured({ timeline: { recoveries } });
    expect(rto).toMatchObject({ achievedMs: 85 * MINUTE, verdict: 'missed' });
    expect(applications.map(({ rto: own }) => own.verdict)).toEqual(['met', 'missed']);
  });

  test('is missed when a run ends and an application is not back', () => {
    const recoveries = [{ application: 'ERP', lostAt: 110 * MINUTE, waitedForPeopleMs: 0 }];
    expect(measured({ timeline: { recoveries, endedAt: 120 * MINUTE } }).rto.verdict).toBe('missed');
  });

  test('is not known yet while a run goes on', () => {
    const recoveries = [{ application: 'ERP', lostAt: 110 * MINUTE, waitedForPeopleMs: 0 }];
    const timeline = { startedAt: 100 * MINUTE, recoveries, objectives: OBJECTIVES };
    expect(measuredObjectives({ timeline, steps: [] }).rto.verdict).toBe('notMeasured');
  });

  test('without any mark ends with the last check, as the run tells it', () => {
    const steps = [check('web', 160 * MINUTE), check('always/late', 190 * MINUTE)];
    const { rto } = measured({ timeline: { recoveries: [], achievedRtoMs: 30 * MINUTE }, steps });
    expect(rto).toMatchObject({ fromIs: 'command', from: 130 * MINUTE, to: 160 * MINUTE });
  });

  test('without any mark counts from the declared loss as well', () => {
    const timeline = { recoveries: [], achievedRtoMs: 30 * MINUTE, declaredAt: 90 * MINUTE };
    const { rto } = measured({ timeline, steps: [check('web', 160 * MINUTE)] });
    expect(rto).toMatchObject({ fromIs: 'declared', achievedMs: 70 * MINUTE });
  });

  test('promises nothing where the runbook does not', () => {
    const { startedAt } = { startedAt: 0 };
    expect(measuredObjectives({ timeline: { startedAt }, steps: [] }).rto.verdict).toBe('notPromised');
  });
});

describe('the recovery point', () => {
  test('is the age of the oldest restore point at the loss', () => {
    const { rpo } = measured({ restorePoints: [point(100 * MINUTE), point(90 * MINUTE)] });
    expect(rpo).toMatchObject({ achievedMs: 20 * MINUTE, points: 2, verdict: 'missed' });
  });

  test('is nothing where the point was made after the loss', () => {
    expect(measured({ restorePoints: [point(115 * MINUTE)] }).rpo).toMatchObject({
      achievedMs: 0,
      verdict: 'met',
    });
  });

  test('that was promised and is not known is told as such', () => {
    expect(measured().rpo).toMatchObject({ points: 0, verdict: 'notMeasured' });
  });

  test('of several applications is not known while nobody tells whose points they are', () => {
    const recoveries = ['ERP', 'CRM'].map((application) => ({
      application,
      lostAt: 110 * MINUTE,
      recoveredAt: 150 * MINUTE,
      waitedForPeopleMs: 0,
    }));
    const { applications, rpo } = measured({
      timeline: { recoveries },
      restorePoints: [point(100 * MINUTE)],
    });
    expect([rpo.verdict, ...applications.map(({ rpo: own }) => own.verdict)]).toEqual([
      'met',
      'notMeasured',
      'notMeasured',
    ]);
  });
});
