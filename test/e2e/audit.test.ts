import { describe, expect, test } from 'vitest';
import { createAuditor, type AuditAlarm } from '../../src/client/auditor.ts';
import { parseVerifierKey, verifyBundle } from '../../src/ledger/index.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { endsNoted } from '../support/ends-noted.ts';
import { auditorOn } from '../support/audit.ts';
import { statement } from '../support/postgres.ts';
import { approve, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const GATED = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }], covers: [check] } }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);

async function waiting(stage: Stage): Promise<string> {
  const runId = await stage.start(GATED);
  await stage.gate(runId, 'go');
  return runId;
}

async function done(stage: Stage): Promise<string> {
  const runId = await waiting(stage);
  await approve(stage, runId, 'go', 'boris');
  await stage.muster.result(runId);
  return runId;
}

/** What the ledger has of audits. */
async function auditsIn({ data }: Stage) {
  const entries = await data.stores.ledger.page(0, 10_000);
  return entries
    .map(({ text }) => JSON.parse(text) as LedgerEntry)
    .flatMap((entry) => (entry.kind === 'audit' ? [entry.found] : []));
}

describe('an audit finds', { timeout: 120_000 }, () => {
  test('nothing at a run that only muster touched, and enters that it is complete', async () => {
    const stage = await stageForTest();
    const auditor = auditorOn(stage);
    expect(await auditor.foundOf(await done(stage))).toEqual([]);
    expect(await auditsIn(stage)).toEqual(['complete']);
  });

  test('a run that was terminated', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    await stage.client.workflow.getHandle(runId).terminate('out of the way');
    const auditor = auditorOn(stage);
    expect(await auditor.foundOf(runId)).toEqual(['terminated']);
    expect(auditor.alarms).toMatchObject([{ runId, findings: [{ found: 'terminated' }] }]);
    const raised = await stage.data.stores.findings.list({ runId });
    expect(raised.filter(({ raisedBy }) => raisedBy === 'audit')).toMatchObject([{ severity: 'high' }]);
  });

  test('a run that was reset, once', async () => {
    const stage = await stageForTest();
    const runId = await done(stage);
    const auditor = auditorOn(stage);
    await auditor.lookAt({ runId });
    await reset(stage, runId);
    await stage.gate(runId, 'go');
    expect(await auditor.foundOf(runId)).toEqual(['reset']);
    await auditor.lookAt({ runId });
    expect(await auditsIn(stage)).toEqual(['complete', 'reset']);
    await stage.client.workflow.getHandle(runId).terminate();
  });

  test('a reset that began and ended between two looks', async () => {
    const stage = await stageForTest();
    const runId = await done(stage);
    const auditor = auditorOn(stage);
    await auditor.lookAll();
    await reset(stage, runId);
    await stage.client.workflow.getHandle(runId).terminate();
    await expect
      .poll(async () => (await auditor.control.begun(0)).filter((one) => one.runId === runId).length)
      .toBe(2);
    await auditor.lookAll();
    expect(await auditsIn(stage)).toEqual(['complete', 'reset', 'terminated']);
  });

  test('a run that a stranger began under a name like that of a child', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    const { control } = auditorOn(stage);
    const alarms: AuditAlarm[] = [];
    const stranger = {
      runId: 'stranger',
      executionId: 'x',
      parent: `${runId}.x`,
      startedAt: 1,
      isOpen: true,
    };
    const auditor = createAuditor({
      control: { everything: (id) => control.everything(id), begun: async () => [stranger] },
      stores: stage.data.stores,
      onFound: (alarm) => void alarms.push(alarm),
      now: Date.now,
    });
    await auditor.look();
    expect(alarms).toMatchObject([{ runId: 'stranger', findings: [{ found: 'foreignRun' }] }]);
    await stage.client.workflow.getHandle(runId).terminate();
  });

  test('what is due, also while the list of what began cannot be read, and reads that list anew', async () => {
    const stage = await stageForTest();
    const runId = await done(stage);
    const { control } = auditorOn(stage);
    await endsNoted({ control, stores: stage.data.stores });
    const asked: number[] = [];
    const auditor = createAuditor({
      control: {
        everything: (id) => control.everything(id),
        begun: async (since) => {
          asked.push(since);
          throw new Error('away');
        },
      },
      stores: stage.data.stores,
      onFound: () => undefined,
      now: () => Date.now() + 60_000,
    });
    await expect(auditor.look()).rejects.toThrow('could not be read: 1');
    await expect(auditor.look()).rejects.toThrow('could not be read: 1');
    const audit = await stage.data.stores.audits.find(runId);
    expect([audit?.isFinal, asked]).toEqual([true, [0, 0]]);
  });

  test('nothing to count of what an open run lacks', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    const auditor = auditorOn(stage);
    await statement(
      stage.databaseUrl,
      `ALTER TABLE ledger DISABLE TRIGGER ALL; DELETE FROM ledger WHERE kind = 'gate.opened'`,
    );
    await auditor.lookAt({ runId });
    auditor.wait(11 * 60_000);
    expect(await auditor.foundOf(runId)).toEqual([]);
    await stage.client.workflow.getHandle(runId).terminate();
  });

  test('a signal that muster does not know, and a vote that nobody has cast', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    const handle = stage.client.workflow.getHandle(runId);
    await handle.signal('open-sesame', 'please');
    await handle.signal('vote', { jws: 'e30.e30.e30' });
    expect(await auditorOn(stage).foundOf(runId)).toEqual(['foreignSignal', 'foreignSignal']);
  });

  test('what the evidence of the run then says, too', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    await stage.client.workflow.getHandle(runId).signal('open-sesame');
    await approve(stage, runId, 'go', 'boris');
    await stage.muster.result(runId);
    await auditorOn(stage).lookAt({ runId });
    const muster = stage.muster.as('anna');
    const { key, origin } = await muster.ledger();
    const verdict = verifyBundle(await muster.evidence(runId), {
      origin,
      ledgerKeys: [parseVerifierKey(key)],
    });
    const trusted = verdict.ok ? verdict.trusted.filter(({ code }) => code === 'audited') : [];
    expect(trusted.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('foreignSignal at')]);
  });

  test('a run that was cancelled in the console of Temporal', async () => {
    const stage = await stageForTest();
    const runId = await waiting(stage);
    await stage.client.workflow.getHandle(runId).cancel();
    await stage.ended(runId);
    expect(await auditorOn(stage).foundOf(runId)).toEqual(['cancelledThroughTemporal']);
  });

  test('a run that muster has not started', async () => {
    const stage = await stageForTest();
    const known = await done(stage);
    const { input } = await auditorOn(stage).control.carried(known);
    const args = [{ ...input, starter: 'nobody' }];
    const runId = 'smuggled-in';
    const started = await stage.client.workflow.start('runbook', {
      workflowId: `${runId}-${stage.taskQueue}`,
      taskQueue: stage.taskQueue,
      args,
    });
    const auditor = auditorOn(stage);
    await listed(stage, started.workflowId);
    await auditor.lookAll();
    expect(auditor.alarms).toMatchObject([
      { runId: started.workflowId, findings: [{ found: 'foreignRun' }] },
    ]);
    await started.terminate();
  });

  test('a command of which somebody took the entries away, when it looks again', async () => {
    const stage = await stageForTest();
    const runId = await done(stage);
    const auditor = auditorOn(stage);
    await statement(
      stage.databaseUrl,
      `ALTER TABLE ledger DISABLE TRIGGER ALL; DELETE FROM ledger WHERE kind IN ('intent', 'effect')`,
    );
    expect(await auditor.foundOf(runId)).toEqual([]);
    auditor.wait(11 * 60_000);
    expect(await auditor.foundOf(runId)).toEqual(['effectWithoutIntent']);
  });

  test('a run that Temporal has no longer', async () => {
    const stage = await stageForTest();
    const runId = await done(stage);
    const { namespace } = stage.client.options;
    await stage.client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: runId },
    });
    const auditor = auditorOn(stage);
    await expect
      .poll(async () => (await auditor.control.everything(runId)).executions.length, {
        timeout: 100_000,
        interval: 1_000,
      })
      .toBe(0);
    expect(await auditor.foundOf(runId)).toEqual(['historyMissing']);
  });

  test('each run once, also when it is looked at by itself', async () => {
    const stage = await stageForTest();
    await done(stage);
    const auditor = auditorOn(stage);
    await auditor.lookAll();
    await auditor.lookAll();
    expect(await auditsIn(stage)).toEqual(['complete']);
  });
});

/** Back to the first task that was completed. */
async function reset({ client }: Stage, runId: string): Promise<void> {
  const { events } = await client.workflow.getHandle(runId).fetchHistory();
  const first = events?.find(
    ({ workflowTaskCompletedEventAttributes: its }) => its?.scheduledEventId !== undefined,
  );
  const { runId: executionId } = await client.workflow.getHandle(runId).describe();
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: runId, runId: executionId },
    workflowTaskFinishEventId: first?.eventId ?? null,
    requestId: runId,
    reason: 'again',
  });
}

/** The list of Temporal learns late. */
async function listed({ client }: Stage, workflowId: string): Promise<void> {
  await expect
    .poll(async () => (await client.workflow.count(`WorkflowId = '${workflowId}'`)).count, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
}
