import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../support/entries-of.ts';
import { executionsOf } from '../support/executions.ts';
import { statement } from '../support/postgres.ts';
import { historyOf, replay } from '../support/replay.ts';
import { approve, decide, runbookOf, stageForTest } from '../support/stage.ts';

const GATED = runbookOf(`
steps:
  - { id: look, uses: vro.plan, with: { plan: ERP-CANARY } }
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }], covers: [check] } }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
  - { id: odd, check: 1 > 2 }
`);

const PATIENT = runbookOf(`
steps:
  - { id: pause, wait: 2s }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);

/** Ways in which the ledger takes nothing in. Each answers what ends it. */
const AWAY = {
  async refuses(url: string) {
    await statement(url, 'ALTER TABLE ledger RENAME TO gone');
    return () => statement(url, 'ALTER TABLE gone RENAME TO ledger');
  },
  async 'does not answer'(url: string) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE ledger_head IN ACCESS EXCLUSIVE MODE');
    return () => client.end();
  },
};

describe('what a run does', { timeout: 120_000 }, () => {
  test('is in the ledger in the order in which it was done, each thing once', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(GATED);
    await approve(stage, runId, 'go', 'boris');
    await decide(stage, runId, 'odd', 'skip');
    await stage.ended(runId);
    const told = (await entriesOf(stage, runId)).map((entry) =>
      'path' in entry ? `${entry.kind} ${entry.path}` : entry.kind,
    );
    expect(told.filter((what) => !what.startsWith('gate.closed'))).toEqual([
      'run.started',
      'step.ended look',
      'gate.opened go',
      'vote go',
      'gate.decided go',
      'step.ended go',
      'intent check',
      'effect check',
      'step.ended check',
      'gate.opened odd',
      'vote odd',
      'gate.decided odd',
      'decision odd',
      'step.ended odd',
      'step.ended cleanup/muster.restored',
      'run.ended',
    ]);
  });

  test('is in its history before it is in the ledger: a worker may die in between', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(GATED);
    await approve(stage, runId, 'go', 'boris');
    await decide(stage, runId, 'odd', 'skip');
    await stage.ended(runId);
    const events = (await executionsOf(stage, runId)).flatMap((execution) => execution.events);
    const inTask = events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      (marker?.details?.['data']?.payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString()),
    );
    expect(inTask.filter((text) => text.includes('muster.loadRunbook'))).toHaveLength(1);
    expect(inTask.filter((text) => text.includes('muster.record'))).toEqual([]);
  });

  test.each(['refuses', 'does not answer'] as const)(
    'is not done while the ledger %s, says so, goes on when it can, and replays',
    async (how) => {
      const stage = await stageForTest();
      const runId = await stage.start(PATIENT);
      await stage.until(runId, ({ steps }) => steps.some(({ state }) => state === 'running'));
      const back = await AWAY[how](stage.databaseUrl);
      const { timeline } = await stage.until(runId, (view) => view.timeline.unrecorded !== undefined);
      expect(timeline.unrecorded).toContain('The ledger cannot be written');
      expect(stage.simulator.journal).toEqual([]);
      await back();
      expect((await stage.ended(runId)).outcome).toBe('succeeded');
      expect(await replay({ history: await historyOf(stage, runId) })).toEqual({});
    },
  );

  test('is not even begun while it cannot be entered', async () => {
    const stage = await stageForTest();
    await stage.data.stores.ledger.head();
    await statement(stage.databaseUrl, 'ALTER TABLE ledger RENAME TO gone');
    await expect(stage.start(PATIENT)).rejects.toThrow();
    const executions = stage.client.workflow.list({ query: `TaskQueue = '${stage.taskQueue}'` });
    const started = [];
    for await (const execution of executions) started.push(execution.workflowId);
    expect(started).toEqual([]);
  });
});
