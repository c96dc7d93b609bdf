/**
 * Makes the reports that the docs show: of a drill and of a failover that really ran, here against the simulator.
 *
 *   npx tsx tools/report-pictures.ts FOLDER
 *
 * It writes HTML and PDF; a browser and a PDF reader make the pictures of them that are in docs/images.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '../test/support/open-stage.ts';
import { openStageOn } from '../test/support/open-stage.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startTemporal } from '../test/support/temporal.ts';

/** As `muster start` has it: an hour takes a minute. */
const TIME_SCALE = 60;
const MINUTE = 60_000;

const [folder = '.'] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

await mkdir(folder, { recursive: true });
const temporal = await startTemporal(say);
const postgres = await startPostgres();
const site = await openStageOn({ ...temporal, databaseUrl: postgres.url }, { timeScale: TIME_SCALE });
try {
  await keep('drill', await drill(site));
  await keep('failover', await failover(site));
} finally {
  await site.close();
  await postgres.stop();
  await temporal.stop();
}

/** A drill with an approval, as it should be. */
async function drill(stage: Stage): Promise<string> {
  const { simulator, muster } = stage;
  say('A drill …');
  const backupId = simulator.world.scenario.vbr.agentBackups[0]?.id;
  const runId = await stage.start('dr-drill', {
    inputs: { url: `${simulator.urls.app}/apps/ERP-CANARY/health`, backupId },
  });
  await stage.gate(runId, 'go');
  const comment = 'The test network is free until noon.';
  await muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris', comment });
  await stage.ended(runId);
  return runId;
}

/** An incident: declared before anybody opened muster, approved by two people, one machine of the plan does not come up. */
async function failover(stage: Stage): Promise<string> {
  const { simulator, muster } = stage;
  say('A failover …');
  const runId = await stage.start('production-failover', {
    mode: 'live',
    purpose: 'incident',
    declaredAt: Date.now() - 4 * MINUTE,
    inputs: { plan: 'ERP', url: `${simulator.urls.app}/apps/ERP/health` },
  });
  await stage.gate(runId, 'go');
  const words = {
    boris: 'The site has no power; the supplier says six hours.',
    dieter: 'Orders stand still. Go.',
  };
  for (const [person, comment] of Object.entries(words)) {
    await muster.vote({ runId, gate: 'go', decision: 'approve', person, comment });
  }
  await stage.ended(runId);
  return runId;
}

async function keep(name: string, runId: string): Promise<void> {
  for (const format of ['html', 'pdf'] as const) {
    const file = join(folder, `${name}.${format}`);
    await writeFile(file, await site.muster.as('anna').report({ runId, format }));
    say(`Written: ${file}`);
  }
}
