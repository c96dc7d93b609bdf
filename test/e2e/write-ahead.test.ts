import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { parseVerifierKey, verifyBundle } from '../../src/ledger/index.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { entriesOf } from '../support/entries-of.ts';
import { openStageOn, type Stage } from '../support/open-stage.ts';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts';
import { statement } from '../support/postgres.ts';
import { FAILOVER as FAILOVER_CALL } from './canary.ts';
import { approve, callsTo, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

/** After the approval there is time to take the store away. */
const FAILOVER = runbookOf(`
steps:
  - { id: go, approval: { title: Now?, rules: [{ role: dr-manager, count: 1 }], covers: [failover] } }
  - { id: pause, wait: 2s }
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY, restorePoint: latest } }
`);
const DRILL = runbookOf(`
steps:
  - { id: pause, wait: 2s }
  - { id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }
`);
const EMERGENCY = '\nemergency: { writeAhead: { folder: ahead } }\n';
const LIVE = { mode: 'live', purpose: 'incident' } as const;

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
});
afterAll(() => postgres.stop());

async function ownStage({ config = '', worker = true }: { config?: string; worker?: boolean } = {}) {
  const shipped = await readFile('muster.yaml', 'utf8');
  const stage = await openStageOn(
    {
      address: inject('temporalAddress'),
      bundlePath: inject('workflowBundlePath'),
      databaseUrl: postgres.url,
    },
    { config: `${shipped}${config}`, worker },
  );
  onTestFinished(async () => {
    await postgres.back();
    await stage.close();
  });
  return stage;
}

/** A live run whose approval is given, and whose command is about to be sent. */
async function approved(stage: Stage): Promise<string> {
  const runId = await stage.start(FAILOVER, LIVE);
  await approve(stage, runId, 'go', 'boris');
  await stage.until(runId, (view) => stepOf(view, 'pause').state === 'running');
  return runId;
}

/** A run whose worker is killed between the effect and the answer, while the store is away. */
async function lostWhileSending(stage: Stage): Promise<string> {
  const worker = await stage.spawnWorker();
  const held = stage.simulator.faults.add({
    kind: 'hold',
    system: 'vro',
    call: FAILOVER_CALL,
    when: 'after',
  });
  const runId = await approved(stage);
  await postgres.kill();
  await held.arrived;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  held.release();
  return runId;
}

/** The entries of a run, once those that were written ahead are among them. */
async function merged(stage: Stage, runId: string): Promise<readonly LedgerEntry[]> {
  await until(async () => (await entriesOf(stage, runId)).some(({ kind }) => kind === 'run.ended'));
  return entriesOf(stage, runId);
}

const failovers = (stage: Stage): string[] => callsTo(stage).filter((call) => /failover/i.test(call));

/** Waits until something holds, as the stage waits for runs. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('not as wanted in time');
    await pause(50);
  }
}

describe('while the store is away, a live run', { timeout: 180_000 }, () => {
  test('sends nothing, says why, and goes on when it is back', async () => {
    const stage = await ownStage();
    const runId = await approved(stage);
    await postgres.kill();
    const { timeline } = await stage.until(runId, (view) => view.timeline.unrecorded !== undefined);
    expect(timeline.unrecorded).toContain('The ledger cannot be written, and until it can, nothing is sent');
    expect(failovers(stage)).toEqual([]);
    await postgres.back();
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(failovers(stage)).toHaveLength(1);
  });

  test('sends its command once where the configuration says so, and the ledger learns of it later, marked', async () => {
    const stage = await ownStage({ config: EMERGENCY });
    const runId = await approved(stage);
    await postgres.kill();
    await until(() => failovers(stage).length > 0);
    await stage.until(runId, (view) => stepOf(view, 'failover').outcome !== undefined);
    await postgres.back();
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'failover').command?.note).toContain('written ahead');
    expect(failovers(stage)).toHaveLength(1);
    const entries = await merged(stage, runId);
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'intent' || kind === 'effect')).toEqual(['intent', 'effect']);
    const marked = entries.flatMap((entry) => (entry.kind === 'writeAhead' ? entry.keys : []));
    expect(marked).toEqual(
      expect.arrayContaining(entries.filter(({ kind }) => kind === 'intent').map(({ key }) => key)),
    );
    expect(await readdir(join(stage.folder, 'ahead'))).toContainEqual(expect.stringMatching(/^merged-/));
  });

  test('leaves evidence that verifies, and says what was written ahead', async () => {
    const stage = await ownStage({ config: EMERGENCY });
    const runId = await approved(stage);
    await postgres.kill();
    await until(() => failovers(stage).length > 0);
    await postgres.back();
    await stage.ended(runId);
    await merged(stage, runId);
    const { key, origin } = await stage.muster.ledger();
    const bytes = await stage.muster.as('anna').evidence(runId);
    const verdict = verifyBundle(bytes, { origin, ledgerKeys: [parseVerifierKey(key)] });
    expect(verdict.ok ? verdict.trusted.map(({ code }) => code) : verdict.problem).toContain('writtenAhead');
  });

  test('asks a person, and sends nothing again, when its worker is lost with what it has written', async () => {
    const stage = await ownStage({ config: EMERGENCY, worker: false });
    const runId = await lostWhileSending(stage);
    // Its file is on a machine that is gone.
    await rm(join(stage.folder, 'ahead'), { recursive: true });
    await postgres.back();
    await stage.startWorker();
    const { failure } = await stage.gate(runId, 'failover');
    expect(failure?.code).toBe('effect.unclear');
    expect(failovers(stage)).toHaveLength(1);
  });

  test('adopts what its worker has sent, when that runs again with what it has written', async () => {
    const stage = await ownStage({ config: EMERGENCY, worker: false });
    const runId = await lostWhileSending(stage);
    await stage.startWorker();
    await postgres.back();
    const view = await stage.ended(runId);
    expect(stepOf(view, 'failover').command?.how).toBe('adopted');
    expect(failovers(stage)).toHaveLength(1);
  });
});

test('while the store is away, a drill sends nothing, whatever the configuration says', async () => {
  const stage = await ownStage({ config: EMERGENCY });
  const runId = await stage.start(DRILL);
  await stage.until(runId, (view) => stepOf(view, 'pause').state === 'running');
  await postgres.kill();
  await stage.until(runId, (view) => view.timeline.unrecorded !== undefined);
  expect(callsTo(stage)).toEqual([]);
  await postgres.back();
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
}, 120_000);

test('what the ledger refuses is not sent, also when the database answers', async () => {
  const stage = await stageForTest();
  const runId = await approved(stage);
  await statement(
    stage.databaseUrl,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
     CREATE TRIGGER refuse BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION refuse();`,
  );
  const { timeline } = await stage.until(runId, (view) => view.timeline.unrecorded !== undefined);
  expect(timeline.unrecorded).toContain('nothing is sent');
  expect(failovers(stage)).toEqual([]);
  await statement(stage.databaseUrl, 'DROP TRIGGER refuse ON ledger');
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
}, 120_000);
