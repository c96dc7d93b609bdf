import { expect, test } from 'vitest';
import { runbookOf, stageForTest } from '../support/stage.ts';

const RUNBOOK = runbookOf(`objectives: { rto: 1h }
steps:
  - { id: a, wait: 1s, marks: { lost: ERP } }
  - { id: b, wait: 1s }
  - { id: inside, runbook: inner }
  - { id: c, check: 'true', marks: { recovered: ERP } }
`);
const INNER = `apiVersion: muster/v1
name: inner
title: Inside
steps: [{ id: d, check: 'true', marks: { recovered: CRM } }]
`;

test('a declared loss is kept when a run continues as new, in the runs that it starts, and by a rerun', async () => {
  const stage = await stageForTest();
  const declaredAt = Date.now() - 3_600_000;
  const library = { inner: INNER };
  const runId = await stage.start(RUNBOOK, { declaredAt, library, continueAfter: 1 });
  const { timeline, steps } = await stage.ended(runId);
  expect(timeline.continuations).toBeGreaterThan(0);
  expect([timeline.declaredAt, timeline.recoveries?.[0]?.lostAt]).toEqual([declaredAt, declaredAt]);

  const child = steps.find(({ path }) => path === 'inside')?.child?.runId ?? '';
  expect((await stage.muster.show(child)).timeline.recoveries).toMatchObject([
    { application: 'CRM', lostAt: declaredAt },
  ]);

  const again = await stage.muster.rerun({ runId, from: 'c', person: 'anna' });
  expect((await stage.ended(again.runId)).timeline.declaredAt).toBe(declaredAt);
});
