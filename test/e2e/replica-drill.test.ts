import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import {
  approve,
  callsTo,
  decide,
  outcomesOf,
  runbookOf,
  stageForTest,
  stepOf,
  type Stage,
} from '../support/stage.ts';

const FAILOVER = 'POST /api/v1/failover/failoverNow/vSphere/snapshot';
const UNDO = 'POST /api/v1/failover/undoFailover/vSphere/snapshot';

const STEPS = `  - { id: failover, uses: vbr.failover, with: { replicas: [shop-db, shop-app] } }\n`;
const DRILL = runbookOf(`
steps:
${STEPS}
cleanup:
  - { id: undo, uses: vbr.undoFailover, with: { replicas: [shop-db, shop-app] } }
`);
const LIVE = runbookOf(`
steps:
  - { id: go, approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }
${STEPS}
`);

/** Three machines of one replication job, of which a drill may touch two. */
async function shop(): Promise<Stage> {
  const vms = ['shop-db', 'shop-app', 'shop-web'].map((name) => ({
    name,
    isReplicated: true,
    replicationJob: 'Replicate shop',
  }));
  const shipped = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  return stageForTest({
    scenario: { name: 'shop', vro: { plans: [] }, vbr: { vms } },
    config: shipped.replace(
      'dr-site/plan/ERP-CANARY',
      'dr-backup/replica/shop-db, dr-backup/replica/shop-app',
    ),
  });
}

function statesIn({ simulator }: Stage): (string | undefined)[] {
  const { replicas } = simulator.world.protection;
  return ['shop-db', 'shop-app', 'shop-web'].map((name) => replicas.find(name)?.state);
}

test('a drill fails machines of a job over and leaves them as they were', async () => {
  const stage = await shop();
  const runId = await stage.start(DRILL);
  const view = await stage.ended(runId);
  expect([view.outcome, ...new Set(Object.values(outcomesOf(view)))]).toEqual(['succeeded', 'succeeded']);
  expect(stepOf(view, 'failover').output).toMatchObject({
    result: 'Success',
    sessions: [{ replica: 'shop-db' }, { replica: 'shop-app' }],
  });
  expect([callsTo(stage), statesIn(stage)]).toEqual([
    [FAILOVER, UNDO],
    ['Ready', 'Ready', 'Ready'],
  ]);
});

test('a failover whose answer was lost is watched as its own', async () => {
  const stage = await shop();
  stage.simulator.faults.add({ kind: 'drop', system: 'vbr', call: FAILOVER, when: 'after' });
  const runId = await stage.start(LIVE, { mode: 'live' });
  await approve(stage, runId, 'go', 'boris');
  const view = await stage.ended(runId);
  expect([view.outcome, stepOf(view, 'failover').command?.how]).toEqual(['succeeded', 'adopted']);
  expect([callsTo(stage), statesIn(stage)]).toEqual([[FAILOVER], ['Failover', 'Failover', 'Ready']]);
});

test('a machine whose session failed is asked about, and alone tried again', async () => {
  const stage = await shop();
  const message = 'The datastore is full';
  stage.simulator.faults.add({ kind: 'failSession', vm: 'shop-app', session: 'Failover', message });
  const runId = await stage.start(LIVE, { mode: 'live' });
  await approve(stage, runId, 'go', 'boris');
  const { failure } = await stage.gate(runId, 'failover');
  expect(failure).toMatchObject({
    code: 'vbr.sessionsFailed',
    details: { failed: [{ replica: 'shop-app', info: message }], more: 0 },
  });
  await decide(stage, runId, 'failover', 'retry');
  const view = await stage.ended(runId);
  expect(stepOf(view, 'failover').output).toMatchObject({ sessions: [{ replica: 'shop-app' }] });
  expect([view.outcome, statesIn(stage)]).toEqual(['succeeded', ['Failover', 'Failover', 'Ready']]);
});
