import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { demoScenario, type Scenario, type System } from '../../src/simulator/index.ts';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { runMuster } from '../cli/run-muster.ts';
import { awkwardCanary, canarySecret, canaryTotp } from '../support/canary-secret.ts';
import { executionsOf } from '../support/executions.ts';
import { hostileServer, type HostileServer, type Twist } from '../support/hostile-server.ts';
import { writtenForms } from '../support/secret-search.ts';
import { decide, openStage, runbookOf, type Stage } from '../support/stage.ts';
import { textIn } from '../support/text-in.ts';
import { everythingIn } from '../store/support.ts';
import { canary, failovers } from './canary.ts';

/** With signs that URLs, forms and JSON write in ways of their own. */
const SECRETS = {
  password: awkwardCanary(),
  mfaPassword: awkwardCanary(),
  clientSecret: `${canarySecret()}==`,
  totp: canaryTotp(),
} as const;
const LOOK_EVERY_MS = 50;
const CLIENT_ID = '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01';

const SCENARIO: Scenario = {
  ...demoScenario,
  user: { username: 'administrator', password: SECRETS.password },
  vro: {
    ...demoScenario.vro,
    client: { id: CLIENT_ID, secret: SECRETS.clientSecret },
    users: [{ username: 'svc-muster', password: SECRETS.mfaPassword, mfa: { secret: SECRETS.totp } }],
  },
};

const configFor = (urls: Record<System, string>): string => `connections:
  dr-site: { kind: vro, url: '${urls.vro}', poll: 1s, effectLag: 1s,
    credentials: { username: svc-muster, password: { file: mfaPassword }, totp: { file: totp } } }
  dr-client: { kind: vro, url: '${urls.vro}', credentials: { clientId: ${CLIENT_ID}, clientSecret: { file: clientSecret } } }
  dr-backup: { kind: vbr, url: '${urls.vbr}', effectLag: 1s,
    credentials: { username: administrator, password: { file: password } } }
  hq: { kind: one, url: '${urls.one}', credentials: { username: administrator, password: { file: password } } }
people: { anna: { name: Anna Berg, roles: [operator] } }
drill: { allow: [dr-site/plan/ERP-CANARY] }
`;

/** The server hands back whatever it was sent. */
const echo: Twist = (_, { authorization, body }) => ({
  status: 400,
  text: JSON.stringify({ error: 'invalid_grant', message: `what is "${body}" of ${authorization}?` }),
});
/** The server fails, and hands its own answer out with the failure. */
const leak: Twist = ({ text }) => ({ status: 500, text: JSON.stringify({ message: `after ${text}` }) });

interface Place {
  readonly stage: Stage;
  readonly servers: Readonly<Record<System, HostileServer>>;
}

async function place(): Promise<Place> {
  const servers = { vro: await hostileServer(), vbr: await hostileServer(), one: await hostileServer() };
  const config = configFor({ vro: servers.vro.url, vbr: servers.vbr.url, one: servers.one.url });
  const stage = await openStage({ scenario: SCENARIO, config, worker: false });
  onTestFinished(() => stage.close());
  onTestFinished(() => rm(LOG_FILE, { force: true }));
  for (const system of ['vro', 'vbr', 'one'] as const) {
    servers[system].standBefore(stage.simulator.urls[system]);
  }
  for (const [name, secret] of Object.entries(SECRETS)) await writeFile(join(stage.folder, name), secret);
  await stage.startWorker();
  return { stage, servers };
}

/** Before any stage: the SDK has one logger in a process. */
const LOG_FILE = join(tmpdir(), `muster-canary-${process.pid}.log`);
logWorkersTo(LOG_FILE, { level: 'debug' });

/** Everything that can be seen of a run while it waits, or when it has ended. */
async function seenOf({ stage }: Place, runId: string): Promise<string[]> {
  const { client } = stage;
  // A command closes what it was given.
  const muster = { ...stage.muster, close: async () => undefined };
  const said = await Promise.all(
    [
      ['show', runId],
      ['show', runId, '--json'],
      ['runs'],
      ['vote', runId, 'nowhere', '--approve', '--as', 'anna'],
    ].map((args) => runMuster(args, { muster })),
  );
  return [
    ...said.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    textIn((await client.workflow.getHandle(runId).describe()).raw),
    textIn(await executionsOf(stage, runId)),
  ];
}

/** Looks at a run, heartbeats and all, until it is as wanted. */
async function seenUntil(here: Place, runId: string, wanted: Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const over = wanted.then(() => true);
  const look = async (): Promise<boolean> => {
    seen.push(textIn((await here.stage.client.workflow.getHandle(runId).describe()).raw));
    return Promise.race([over, pause(LOOK_EVERY_MS).then(() => false)]);
  };
  while (!(await look()));
  return [...seen, ...(await seenOf(here, runId))];
}

/** Fails over by MFA; the login is echoed, and then the token of a look, and the run goes on each time. */
async function failsOver(here: Place): Promise<string[]> {
  const { stage, servers } = here;
  servers.vro.misbehave({ on: /\/token/, twist: echo });
  const runId = await stage.start(canary());
  const refused = await seenUntil(here, runId, stage.gate(runId, 'failover'));
  // From the moment at which the failover was accepted: whoever looks for the watch may come too late on a busy machine.
  servers.vro.misbehave({
    on: /POST .*\/Failover$/,
    twist: (real) => {
      servers.vro.misbehave({ on: /RuntimeDetails/, twist: echo });
      return real;
    },
  });
  await decide(stage, runId, 'failover', 'retry');
  const watched = await seenUntil(here, runId, stage.gate(runId, 'failover'));
  servers.vro.behave();
  await decide(stage, runId, 'failover', 'keepWaiting');
  const ended = await seenUntil(here, runId, stage.ended(runId));
  return [...refused, ...watched, ...ended];
}

/** One step on a server that echoes the login, and then does `next`. */
async function once(
  here: Place,
  system: System,
  {
    runbook,
    path,
    next,
  }: { runbook: string; path: string; next?: Parameters<HostileServer['misbehave']>[0] },
): Promise<string[]> {
  const { stage, servers } = here;
  servers[system].misbehave({ on: /\/token/, twist: echo });
  const backupId = stage.simulator.world.scenario.vbr.agentBackups[0]?.id;
  const runId = await stage.start(runbook, runbook.includes('inputs:') ? { inputs: { backupId } } : {});
  const refused = await seenUntil(here, runId, stage.gate(runId, path));
  if (next === undefined) servers[system].behave();
  else servers[system].misbehave(next);
  await decide(stage, runId, path, 'retry');
  return [...refused, ...(await seenUntil(here, runId, stage.ended(runId)))];
}

const AS_CLIENT = runbookOf('steps: [{ id: plan, uses: vro.plan, with: { plan: ERP } }]\n').replace(
  'vro: dr-site',
  'vro: dr-client',
);
const ISSUE = runbookOf(`inputs: { backupId: { type: string } }
steps:
  - { id: issue, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.backupId }}"], validFor: 1h } }
  - { id: tokens, uses: vbr.listRecoveryTokens }
`);
const ALARMS = runbookOf('steps: [{ id: alarms, uses: one.openAlarms }]\n');

/** The tokens that went over the wire. */
function tokensIn({ servers }: Place): string[] {
  const heard = Object.values(servers).flatMap((server) => server.heard);
  const fields = /"(access_token|refresh_token|mfa_token|recoveryToken)":"([^"]+)"/g;
  return heard.flatMap((text) => [...text.matchAll(fields)].map(([, , token]) => token ?? ''));
}

/** What lies in the data folder besides keys, and in the database. */
async function storedIn({ stage }: Place): Promise<string[]> {
  const data = join(stage.folder, 'data');
  const files = await readdir(data, { recursive: true, withFileTypes: true });
  const open = files.filter((file) => file.isFile() && !/\/keys(\/|$)/.test(file.parentPath));
  const rows = Object.values(await everythingIn(stage.databaseUrl)).flat();
  return [
    rows.join('\n'),
    ...(await Promise.all(open.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))),
  ];
}

test('no secret and no token is seen by anybody', { timeout: 180_000 }, async () => {
  const here = await place();
  const seen = [
    ...(await failsOver(here)),
    ...(await once(here, 'vro', { runbook: AS_CLIENT, path: 'plan' })),
    ...(await once(here, 'vbr', {
      runbook: ISSUE,
      path: 'issue',
      next: { on: /^POST .*recoveryTokens/, twist: leak },
    })),
    ...(await once(here, 'one', { runbook: ALARMS, path: 'alarms' })),
    ...(await storedIn(here)),
    await readFile(LOG_FILE, 'utf8'),
  ].map((text) => text.toLowerCase());

  const tokens = tokensIn(here);
  // All of it was there to be seen: a token of each kind, the runs, the echoes, and lines of the log at its lowest level.
  expect(failovers(here.stage)).toBe(1);
  expect(here.servers.vro.heard.filter((text) => text.includes('"mfa_token"')).length).toBeGreaterThan(0);
  expect(
    here.stage.simulator.world.recoveryTokens
      .list()
      .map(({ recoveryToken }) => tokens.includes(recoveryToken)),
  ).toEqual([true]);
  expect(tokens.length).toBeGreaterThan(8);
  expect(seen.filter((text) => text.includes('[hidden]')).length).toBeGreaterThan(5);
  expect(seen.at(-1)).toContain('"level":20');

  const secrets = [...Object.values(SECRETS), ...tokens]
    .flatMap(writtenForms)
    .map((form) => form.toLowerCase());
  expect(secrets.filter((secret) => seen.some((text) => text.includes(secret)))).toEqual([]);
});
