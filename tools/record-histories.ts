/**
 * Records the histories that `test/replay` replays: real runs on a Temporal server and a simulator of their own.
 *
 *   npx tsx tools/record-histories.ts [SCENARIO …]
 *
 * Those of this version are made anew, or only those of the scenarios that are named. Those of earlier releases are never
 * touched: their runs may still be open somewhere. Run it when a change of workflows/ is meant to change what new runs do,
 * and look at the difference.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { RunView, StartRequest, VoteRequest } from '../src/client/index.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { startSimulator, type Simulator } from '../src/simulator/index.ts';
import { openData } from '../src/stack/data.ts';
import { startPostgresServer } from '../src/stack/postgres/postgres-server.ts';
import { musterOn } from '../src/stack/muster-on.ts';
import { PROJECT_ROOT } from '../src/stack/project.ts';
import { findTemporalCli } from '../src/stack/temporal-cli.ts';
import { startTemporalServer } from '../src/stack/temporal-server.ts';
import { personMuster, type By, type PersonMuster } from '../test/support/person-muster.ts';
import { statement } from '../test/support/postgres.ts';
import { startWorker } from '../src/stack/worker.ts';
import { logWorkersTo } from '../src/stack/worker-log.ts';
import { loadWorkflowBundle } from '../src/stack/workflow-bundle.ts';
import { RUNBOOK_WORKFLOW, SEARCH_ATTRIBUTES } from '../workflows/messages.ts';
import { historyToJson } from '../src/control/history-json.ts';
import { withoutPlace } from './history-text.ts';

const HISTORIES = join(PROJECT_ROOT, 'test', 'replay', 'histories');
const NAMESPACE = 'default';
const LOOK_EVERY_MS = 25;
const GIVE_UP_AFTER_MS = 60_000;

interface Play {
  readonly simulator: Simulator;
  readonly muster: PersonMuster;
  readonly databaseUrl: string;
  start(runbook: string, request?: Partial<StartRequest>): Promise<string>;
  until(runId: string, wanted: (view: RunView) => boolean): Promise<RunView>;
  /** Answers a gate once it is open. */
  answer(runId: string, gate: string, answer: Omit<By<VoteRequest>, 'runId' | 'gate'>): Promise<void>;
}

interface Scenario {
  readonly name: string;
  /** Simulated milliseconds per real one. Default 600. */
  readonly timeScale?: number;
  /** Plays the run as far as somebody has to do something, and answers its id; its end is waited for. */
  readonly play: (play: Play) => Promise<string>;
}

const approve = { decision: 'approve', person: 'boris' } as const;
const approveToo = { decision: 'approve', person: 'dieter' } as const;

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'drill-succeeded',
    async play(play) {
      const runId = await play.start('dr-drill', drill(play));
      await play.answer(runId, 'go', approve);
      return runId;
    },
  },
  {
    name: 'failover-approved',
    async play(play) {
      const runId = await play.start('production-failover', failover(play));
      await play.answer(runId, 'go', approve);
      await play.answer(runId, 'go', approveToo);
      return runId;
    },
  },
  {
    name: 'failover-rejected',
    async play(play) {
      const runId = await play.start('production-failover', failover(play));
      await play.answer(runId, 'go', { decision: 'reject', person: 'boris', comment: 'not now' });
      return runId;
    },
  },
  {
    name: 'halted-and-continued',
    async play(play) {
      const fault = { kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', critical: true } as const;
      play.simulator.faults.add({ ...fault, step: 'Process replica VM' });
      const runId = await play.start('production-failover', failover(play));
      await play.answer(runId, 'go', approve);
      await play.answer(runId, 'go', approveToo);
      const again = { decision: 'continue', option: 'RetryFailedStep', person: 'anna' } as const;
      await play.answer(runId, 'failover', again);
      return runId;
    },
  },
  {
    name: 'cancelled-in-a-watch',
    // Slow enough to be in the middle of it.
    timeScale: 30,
    async play(play) {
      const runId = await play.start('dr-drill', drill(play));
      await play.answer(runId, 'go', approve);
      await play.until(runId, ({ progress }) => (progress['failover']?.percent ?? 0) > 0);
      await play.muster.cancel({ runId, person: 'anna', reason: 'wrong plan' });
      return runId;
    },
  },
  {
    name: 'continued-as-new',
    async play(play) {
      const runId = await play.start('dr-drill', { ...drill(play), continueAfter: 5 });
      await play.answer(runId, 'go', approve);
      return runId;
    },
  },
  {
    name: 'ledger-away',
    async play(play) {
      const runId = await play.start('dr-drill', drill(play));
      await statement(
        play.databaseUrl,
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON ledger FOR EACH ROW
         WHEN (NEW.kind = 'gate.decided') EXECUTE FUNCTION refuse()`,
      );
      await play.answer(runId, 'go', approve);
      await play.until(runId, ({ timeline }) => timeline.unrecorded !== undefined);
      await statement(play.databaseUrl, 'DROP TRIGGER refuse ON ledger');
      return runId;
    },
  },
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => SCENARIOS.every((scenario) => scenario.name !== name));
if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}.`);
const scenarios = SCENARIOS.filter(({ name }) => named.length === 0 || named.includes(name));

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { version } = JSON.parse(await readFile(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const suffix = `__v${version}.json`;
const folder = await mkdtemp(join(tmpdir(), 'muster-record-'));
logWorkersTo(join(folder, 'worker.log'));
const cli = await findTemporalCli({
  environment: readEnvironment(),
  projectRoot: PROJECT_ROOT,
  onProgress: say,
});
const server = await startTemporalServer({
  cliPath: cli.path,
  dbFile: join(folder, 'temporal.db'),
  logFile: join(folder, 'temporal.log'),
  namespace: NAMESPACE,
  searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
});
const postgres = await startPostgresServer({
  folder: join(folder, 'postgres'),
  logFile: join(folder, 'postgres.log'),
});
try {
  const { codePath } = await loadWorkflowBundle({ projectRoot: PROJECT_ROOT, onProgress: say });
  const recorded = new Map<string, string>();
  for (const scenario of scenarios) {
    for (const [file, text] of await record(scenario, codePath)) recorded.set(file, text);
  }
  // Only now, when all went well, do the new ones take the place of the old.
  await mkdir(HISTORIES, { recursive: true });
  const old = (await readdir(HISTORIES)).filter(
    (file) =>
      file.endsWith(suffix) && scenarios.some(({ name }) => file.startsWith(`${RUNBOOK_WORKFLOW}__${name}`)),
  );
  await Promise.all(old.map((name) => rm(join(HISTORIES, name))));
  for (const [file, text] of recorded) await writeFile(join(HISTORIES, file), `${text}\n`);
} finally {
  await server.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Plays one scenario and answers the history of each execution of its run, by the name of its file. */
async function record(
  { name, timeScale = 600, play }: Scenario,
  bundlePath: string,
): Promise<readonly (readonly [string, string])[]> {
  const { address } = server;
  const simulator = await startSimulator({ timeScale });
  const data = await openData({
    dataDir: join(folder, name),
    simulatorUrls: simulator.urls,
    databaseUrl: postgres.url,
  });
  const place = { address, namespace: NAMESPACE, taskQueue: 'muster' };
  const muster = personMuster((as) => musterOn(place, data, as === undefined ? {} : { as }));
  const worker = await startWorker({ ...data, ...place, keys: [data.keys], bundlePath });
  const connection = await Connection.connect({ address });
  try {
    const runId = await play(playOn(simulator, muster, postgres.url));
    const { outcome } = await muster.result(runId);
    const histories = await historiesOf(new Client({ connection, namespace: NAMESPACE }), runId);
    say(`${name}: ${outcome}, ${histories.length} histories`);
    return histories.map((history, index) => {
      const part = histories.length === 1 ? '' : `-${index + 1}-of-${histories.length}`;
      const text = withoutPlace(history, [`@${hostname()}`, PROJECT_ROOT, tmpdir()]);
      return [`${RUNBOOK_WORKFLOW}__${name}${part}${suffix}`, text];
    });
  } finally {
    await worker.stop();
    await muster.close();
    await connection.close();
    await simulator.close();
    await data.stores.close();
  }
}

function playOn(simulator: Simulator, muster: PersonMuster, databaseUrl: string): Play {
  const play: Play = {
    simulator,
    muster,
    databaseUrl,
    async start(runbook, request = {}) {
      const file = join('runbooks', `${runbook}.yaml`);
      const text = await readFile(join(PROJECT_ROOT, file), 'utf8');
      const defaults = { mode: 'drill', purpose: 'exercise', inputs: {}, person: 'anna' } as const;
      return (await muster.start({ file, text, ...defaults, ...request })).runId;
    },
    async until(runId, wanted) {
      const deadline = Date.now() + GIVE_UP_AFTER_MS;
      for (;;) {
        // A run that has just begun, or just continued, cannot be asked for a moment.
        const view = await muster.show(runId).catch(() => undefined);
        if (view !== undefined && wanted(view)) return view;
        if (Date.now() > deadline) throw new Error(`${runId} does not get there: ${JSON.stringify(view)}`);
        await pause(LOOK_EVERY_MS);
      }
    },
    async answer(runId, gate, answer) {
      await play.until(runId, ({ steps }) =>
        steps.some(({ path, state }) => path === gate && state === 'waiting'),
      );
      await muster.vote({ runId, gate, ...answer });
    },
  };
  return play;
}

function drill({ simulator }: Play): Partial<StartRequest> {
  const backupId = simulator.world.scenario.vbr.agentBackups[0]?.id;
  return { inputs: { url: `${simulator.urls.app}/apps/ERP-CANARY/health`, backupId } };
}

function failover({ simulator }: Play): Partial<StartRequest> {
  return {
    mode: 'live',
    purpose: 'planned',
    inputs: { plan: 'ERP', url: `${simulator.urls.app}/apps/ERP/health` },
  };
}

/** The histories of all executions of a run, oldest first. */
async function historiesOf(client: Client, runId: string): Promise<readonly string[]> {
  const histories: string[] = [];
  const { raw } = await client.workflow.getHandle(runId).describe();
  for (let id = raw.workflowExecutionInfo?.firstRunId ?? undefined; id !== undefined;) {
    const history = await client.workflow.getHandle(runId, id).fetchHistory();
    histories.push(historyToJson(history));
    id =
      history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return histories;
}
