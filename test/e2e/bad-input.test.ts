import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'vitest';
import type { StepRecord } from '../../src/model/run.ts';
import { SIMULATOR_CA_PATH, simulatorCertificate, type System } from '../../src/simulator/index.ts';
import { heldClock, type HeldClock } from '../support/held-clock.ts';
import {
  having,
  hostileServer,
  TWISTS,
  without,
  type HostileServer,
  type Twist,
} from '../support/hostile-server.ts';
import { decide, openStage, runbookOf, stepOf, type Stage, type StageOptions } from '../support/stage.ts';
import { serverTls } from '../veeam/fixtures.ts';
import { canary, FAILOVER, failovers, isWatching } from './canary.ts';

const SLOW = { timeout: 120_000 };

/** One server of each kind: a runbook of one step that needs it, and the call that changes something there, if any. */
const SYSTEMS = {
  vro: {
    connection: 'dr-site',
    runbook: runbookOf('steps: [{ id: check, uses: vro.readinessCheck, with: { plan: ERP-CANARY } }]\n'),
    path: 'check',
    sends: 'POST /Plans/{planId}/ReadinessCheck',
  },
  vbr: {
    connection: 'dr-backup',
    runbook: runbookOf(`inputs: { backupId: { type: string } }
steps: [{ id: issue, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.backupId }}"], validFor: 1h } }]
`),
    path: 'issue',
    sends: 'POST /api/v1/agents/recoveryTokens',
  },
  one: {
    connection: 'hq',
    runbook: runbookOf('steps: [{ id: alarms, uses: one.openAlarms }]\n'),
    path: 'alarms',
    sends: undefined,
  },
} as const satisfies Record<System, object>;

interface Place {
  readonly stage: Stage;
  readonly server: HostileServer;
  /** The secret that the configuration refers to. */
  readonly setSecret: (secret: string) => Promise<void>;
  readonly start: (runbook?: string) => Promise<string>;
  /** How often the command was requested, whatever came of it. */
  readonly sent: (call?: string) => number;
}

interface PlaceOptions extends StageOptions {
  readonly tls?: boolean;
  readonly credentials?: string;
}

/** A stage on which one of the servers is reached through a hostile one, with a secret from a file. */
async function placeOf(
  { onTestFinished }: TestContext,
  system: System,
  {
    tls = false,
    credentials = 'username: administrator, password: { file: secret }',
    ...options
  }: PlaceOptions = {},
): Promise<Place> {
  const { runbook: own, sends } = SYSTEMS[system];
  const server = await hostileServer({
    finished: onTestFinished,
    ...(tls ? { certificate: simulatorCertificate() } : {}),
  });
  const config = configOf(
    system,
    `{ kind: ${system}, url: '${server.url}', poll: 1s, effectLag: 1s,
    credentials: { ${credentials} }${tls ? `, tls: { ca: '${SIMULATOR_CA_PATH}' }` : ''} }`,
  );
  const stage = await openStage({ ...options, config });
  onTestFinished(() => stage.close());
  const { simulator, folder } = stage;
  server.standBefore(simulator.urls[system]);
  const setSecret = (secret: string): Promise<void> => writeFile(join(folder, 'secret'), secret);
  await setSecret(simulator.credentials.password);
  const backupId = simulator.world.scenario.vbr.agentBackups[0]?.id;
  return {
    stage,
    server,
    setSecret,
    start: (runbook = own) => stage.start(runbook, system === 'vbr' ? { inputs: { backupId } } : {}),
    sent: (call = sends) =>
      simulator.faults.requests().find((one) => one.system === system && one.call === call)?.requests ?? 0,
  };
}

function configOf(system: System, connection: string): string {
  const servers = Object.entries(SYSTEMS).map(
    ([kind, { connection: name }]) =>
      `  ${name}: ${kind === system ? connection : `{ kind: ${kind}, url: simulator }`}`,
  );
  return `connections:
${servers.join('\n')}
people: { anna: { name: Anna Berg, roles: [operator] } }
drill: { allow: [dr-site/plan/ERP-CANARY] }
`;
}

interface Trouble {
  readonly system: System;
  readonly what: string;
  readonly code: string;
  /** The call that the message names, and what it says to do. */
  readonly call: string;
  readonly advice: string;
  readonly tls?: boolean;
  readonly begin: (place: Place) => unknown;
  readonly end: (place: Place) => unknown;
}

const CHECK_ACCOUNT = 'Check user name and secret of this connection';
const CHECK_ADDRESS = 'Check that the address is the REST API of this product';

const wrongPassword = (system: System, call: string): Trouble => ({
  system,
  what: `a wrong password of ${system}`,
  code: 'veeam.unauthorized',
  call,
  advice: CHECK_ACCOUNT,
  begin: ({ setSecret }) => setSecret('no longer valid'),
  end: ({ stage, setSecret }) => setSecret(stage.simulator.credentials.password),
});
const untrusted = (call: string): Trouble => ({
  system: 'vro',
  what: 'a self-signed certificate',
  code: 'veeam.tls',
  call,
  advice: 'Trust exactly this certificate with tls.ca',
  tls: true,
  begin: ({ server }) => server.present(serverTls('self-signed')),
  end: ({ server }) => server.present(simulatorCertificate()),
});
const badAnswer = (
  what: string,
  { on, twist, ...more }: Omit<Trouble, 'what' | 'begin' | 'end'> & { on: RegExp; twist: Twist },
): Trouble => ({
  ...more,
  what,
  begin: ({ server }) => server.misbehave({ on, twist }),
  end: ({ server }) => server.behave(),
});

const LIST = { system: 'vro', on: /\/Plans\?/, call: 'GET /Plans' } as const;
const CONTRACT = { code: 'veeam.contract', advice: CHECK_ADDRESS };
const VERSION = { code: 'veeam.version', advice: 'Set apiVersion of this connection' };

/** What is wrong before anything was sent. */
const BEFORE: readonly Trouble[] = [
  wrongPassword('vro', 'POST /api/token'),
  wrongPassword('vbr', 'POST /api/oauth2/token'),
  wrongPassword('one', 'POST /api/token'),
  untrusted('POST /api/token'),
  badAnswer('a version that VRO does not serve', {
    ...LIST,
    ...VERSION,
    on: /\/api\/v7/,
    twist: TWISTS.notFound,
  }),
  badAnswer('a version that VBR does not serve', {
    ...VERSION,
    system: 'vbr',
    on: /./,
    call: 'POST /api/oauth2/token',
    twist: TWISTS.otherVersion,
  }),
  badAnswer('HTML', { ...LIST, ...CONTRACT, twist: TWISTS.html }),
  badAnswer('truncated JSON', { ...LIST, ...CONTRACT, twist: TWISTS.cutJson }),
  badAnswer('a body of 1 GB', {
    ...LIST,
    code: 'veeam.tooLarge',
    advice: 'raise the body limit of this connection',
    twist: TWISTS.gigabyte,
  }),
  badAnswer('a missing field', { ...LIST, ...CONTRACT, twist: without('id') }),
  badAnswer('a missing field of Veeam ONE', {
    ...CONTRACT,
    system: 'one',
    on: /triggeredAlarms/i,
    call: 'GET /alarms/triggeredAlarms',
    twist: without('totalCount'),
  }),
];

/** What goes wrong while the run watches what it has sent. */
const DETAILS = {
  system: 'vro',
  on: /\/RuntimeDetails\/Plans\//,
  call: 'GET /RuntimeDetails/Plans/{planId}',
} as const;
const DURING: readonly Trouble[] = [
  badAnswer('a changed password', {
    system: 'vro',
    code: 'veeam.unauthorized',
    on: /./,
    call: 'POST /api/token',
    advice: CHECK_ACCOUNT,
    twist: () => ({ status: 401, text: '' }),
  }),
  untrusted('GET '),
  badAnswer('HTML', { ...DETAILS, ...CONTRACT, twist: TWISTS.html }),
  badAnswer('truncated JSON', { ...DETAILS, ...CONTRACT, twist: TWISTS.cutJson }),
  badAnswer('a body of 1 GB', {
    ...DETAILS,
    code: 'veeam.tooLarge',
    advice: 'raise the body limit of this connection',
    twist: TWISTS.gigabyte,
  }),
  badAnswer('a missing field', { ...DETAILS, ...CONTRACT, twist: without('isStableState') }),
];

const named = (troubles: readonly Trouble[]) => troubles.map((trouble) => [trouble.what, trouble] as const);

/** The failure says where, what was asked, and what to do. */
function saysWhatToDo({ expect }: TestContext, { failure }: StepRecord, trouble: Trouble): void {
  const { connection } = SYSTEMS[trouble.system];
  expect(failure?.code).toBe(trouble.code);
  expect(failure?.message).toContain(`${connection}: ${trouble.call}`);
  expect(failure?.message).toContain(trouble.advice);
  expect(failure?.details).toMatchObject({ connection });
}

describe.concurrent('before anything is sent, the run asks people, and goes on after', SLOW, () => {
  test.for(named(BEFORE))('%s', async ([, trouble], context) => {
    const { expect } = context;
    const { system, tls = false } = trouble;
    const place = await placeOf(context, system, { tls });
    const { stage, sent, start } = place;
    const { path, sends } = SYSTEMS[system];
    await trouble.begin(place);
    const runId = await start();
    const step = await stage.gate(runId, path);
    saysWhatToDo(context, step, trouble);
    expect([step.gate?.offers[0]?.decision, sent()]).toEqual(['retry', 0]);
    await trouble.end(place);
    await decide(stage, runId, path, 'retry');
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    expect(sent()).toBe(sends === undefined ? 0 : 1);
  });
});

/** A run that is in the middle of its failover, which goes on when the clock is released. */
async function watching(
  context: TestContext,
  options: PlaceOptions = {},
): Promise<Place & { readonly clock: HeldClock; readonly runId: string }> {
  const clock = heldClock();
  const place = await placeOf(context, 'vro', { ...options, clock });
  clock.hold();
  const runId = await place.start(canary());
  await place.stage.until(runId, isWatching);
  return { ...place, clock, runId };
}

describe.concurrent('while it watches, the run asks people, and watches on after', SLOW, () => {
  test.for(named(DURING))('%s', async ([, trouble], context) => {
    const { expect } = context;
    const place = await watching(context, { tls: trouble.tls ?? false });
    const { stage, clock, runId, sent } = place;
    await trouble.begin(place);
    const step = await stage.gate(runId, 'failover');
    saysWhatToDo(context, step, trouble);
    expect(step.gate?.offers[0]).toMatchObject({
      decision: 'keepWaiting',
      says: 'Go on watching; nothing is sent again.',
    });
    await trouble.end(place);
    clock.release();
    await decide(stage, runId, 'failover', 'keepWaiting');
    const view = await stage.ended(runId);
    expect([view.outcome, stepOf(view, 'failover').attempt]).toEqual(['succeeded', 1]);
    expect([sent(FAILOVER), failovers(stage)]).toEqual([1, 1]);
  });
});

describe.concurrent('when the answer of the command itself is', SLOW, () => {
  const { html, gigabyte } = TWISTS;
  const lost = { 'a page of HTML': html, 'a body of 1 GB': gigabyte };
  test.for(Object.entries(lost))('%s, the run finds out what became of it', async ([, twist], context) => {
    const { expect } = context;
    const { stage, server, start, sent } = await placeOf(context, 'vro');
    server.misbehave({ on: /^POST .*\/Failover/, twist });
    const view = await stage.ended(await start(canary()));
    expect([view.outcome, stepOf(view, 'failover').command?.how]).toEqual(['succeeded', 'adopted']);
    expect([server.twisted, sent(FAILOVER), failovers(stage)]).toEqual([1, 1, 1]);
  });
});

describe.concurrent('values that muster does not know', SLOW, () => {
  test('are kept and shown, and are no success', async (context) => {
    const { expect } = context;
    const { stage, server, start, sent } = await placeOf(context, 'vro');
    const twist = having({
      planType: 'Teleport',
      executionState: 'Maybe',
      currentRunResult: 'Splendid',
      currentTestResult: 'Odd',
      roles: ['DRWizard'],
      surprise: [1],
    });
    server.misbehave({ on: DETAILS.on, twist });
    const view = await stage.ended(await start(canary()));
    expect([view.outcome, sent(FAILOVER)]).toEqual(['warned', 1]);
    expect(stepOf(view, 'failover')).toMatchObject({
      outcome: 'warned',
      output: { result: 'Splendid', state: 'FailoverComplete' },
      reason: expect.stringContaining('"Splendid", which muster does not know') as string,
    });
  });

  test('keep a plan from being commanded', async (context) => {
    const { expect } = context;
    const { stage, server, start, sent } = await placeOf(context, 'vro');
    server.misbehave({
      on: /^GET .*\/Plans/,
      twist: having({ state: 'Quantum', stateName: 'Quantum leap' }),
    });
    const runId = await start();
    const { failure } = await stage.gate(runId, 'check');
    expect(failure).toMatchObject({ code: 'vro.illegalState', details: { stateName: 'Quantum leap' } });
    expect(failure?.message).toMatch(/ERP-CANARY is in "Quantum leap".*Nothing was sent/);
    server.behave();
    await decide(stage, runId, 'check', 'retry');
    expect([(await stage.ended(runId)).outcome, sent()]).toEqual(['succeeded', 1]);
  });

  test('of a plan that has come to rest are asked about', async (context) => {
    const { expect } = context;
    const { stage, server, clock, runId, sent } = await watching(context);
    clock.release();
    const atRest = {
      state: 'Quantum',
      stateName: 'Quantum leap',
      isRunningState: false,
      isStableState: true,
    };
    server.misbehave({ on: /^GET .*\/Plans/, twist: having(atRest) });
    const { failure, gate } = await stage.gate(runId, 'failover');
    expect(failure).toMatchObject({ code: 'vro.unknownState', details: { stateName: 'Quantum leap' } });
    expect(gate?.offers[0]?.decision).toBe('keepWaiting');
    server.behave();
    await decide(stage, runId, 'failover', 'keepWaiting');
    expect([(await stage.ended(runId)).outcome, sent(FAILOVER)]).toEqual(['succeeded', 1]);
  });
});

test.concurrent(
  'a client that was revoked is replaced in the configuration, and the run goes on',
  SLOW,
  async (context) => {
    const { expect } = context;
    const asClient = (id: string): string => `clientId: ${id}, clientSecret: { file: secret }`;
    const scenarios = { id: '5b5b4c1e-6a0e-4f0e-9a36-0d6f2a5f7c01', secret: 'simulated-client-secret' };
    const place = await placeOf(context, 'vro', { credentials: asClient(scenarios.id), worker: false });
    const { stage, setSecret, start, sent } = place;
    await setSecret(scenarios.secret);
    const worker = await stage.startWorker();
    const administer = await administrator(stage.simulator);
    await administer('DELETE', `/Clients?clientId=${scenarios.id}`);

    const runId = await start();
    const { failure } = await stage.gate(runId, 'check');
    expect(failure).toMatchObject({
      code: 'veeam.unauthorized',
      message: expect.stringContaining('The server says: "invalid_client"') as string,
    });
    expect(sent()).toBe(0);

    await worker.stop();
    const { client_id, client_secret } = JSON.parse(await administer('POST', '/Clients')) as Record<
      string,
      string
    >;
    const file = join(stage.folder, 'muster.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(scenarios.id, client_id ?? ''));
    await setSecret(client_secret ?? '');
    await stage.spawnWorker();
    await decide(stage, runId, 'check', 'retry');
    expect([(await stage.ended(runId)).outcome, sent()]).toEqual(['succeeded', 1]);
  },
);

/** Somebody at VRO's own console. */
async function administrator({
  urls: { vro },
  credentials,
}: Stage['simulator']): Promise<(method: string, path: string) => Promise<string>> {
  const form = { grant_type: 'password', ...credentials };
  const login = await fetch(`${vro}/api/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await login.json()) as Record<string, string>;
  const headers = { authorization: `Bearer ${access_token ?? ''}` };
  return async (method, path) => (await fetch(`${vro}/api/v7.21${path}`, { method, headers })).text();
}
