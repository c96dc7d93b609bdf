import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Muster } from '../../src/client/index.ts';
import { callServer, createHttpMuster } from '../../src/client/over-http.ts';
import type { SignedInAnswer } from '../../src/client/wire.ts';
import type { HttpServer } from '../../src/http/index.ts';
import { createLogger } from '../../src/observe/logger.ts';
import { startServer } from '../../src/stack/server.ts';
import { controlOn } from '../../src/stack/temporal-control.ts';
import { HASH, PASSWORD } from '../identity/door.ts';
import { callsTo, openStage, runbookOf, stageForTest, type Stage } from '../support/stage.ts';

const APPROVED = runbookOf(`
steps:
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 2 }] } }
  - { id: check, check: 1 < 2 }
`);
const FAILOVER = runbookOf(`
inputs: { plan: { type: vroPlan } }
steps:
  - { id: go, approval: { title: Fail over?, covers: [failover], rules: [{ role: dr-manager, count: 1 }], timeout: 1h, onTimeout: hold } }
  - { id: failover, title: Fail ERP over, uses: vro.failover, with: { plan: "\${{ inputs.plan }}" } }
`);

let stage: Stage;
let server: HttpServer;
let close: () => Promise<void>;

/** The shipped configuration, in which some people have a password, and there is a service. */
async function configuration(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'muster.yaml'), 'utf8');
  const password = `password: { scrypt: '${HASH}' }`;
  return `${text
    .replaceAll(/^( {2}(?:anna|boris|carla|emil): \{.*\]) \}$/gm, `$1, ${password} }`)
    .replace(
      /^people:$/m,
      `people:\n  ada: { name: Ada, roles: [admin], ${password} }\n  robot: { name: Robot, kind: service, roles: [operator, dr-manager] }`,
    )}\nserver: { port: 0 }\n`;
}

beforeAll(async () => {
  stage = await openStage({ config: await configuration() });
  const place = { address: inject('temporalAddress'), namespace: 'default', taskQueue: stage.taskQueue };
  const opened = controlOn(place, stage.data.config);
  ({ close } = opened);
  server = await startServer(stage.data, opened.control, {
    fallback: false,
    logger: createLogger({ file: join(stage.folder, 'logs', 'server.log'), level: 'info' }),
  });
});
afterAll(async () => {
  await server.close();
  await close();
  await stage.close();
});

async function login(person: string): Promise<string> {
  const body = { person, password: PASSWORD };
  const { credential } = await callServer<SignedInAnswer>({ url: server.url }, { path: '/sign-in', body });
  return credential;
}

const musterBy = (credential: string): Muster => createHttpMuster({ url: server.url, credential });
const by = async (person: string): Promise<Muster> => musterBy(await login(person));

/** Starts a run, and answers its id when it waits for people. */
async function waiting(text: string, inputs = {}): Promise<string> {
  const anna = await by('anna');
  const { runId } = await anna.start({ file: 'a.yaml', text, mode: 'drill', purpose: 'exercise', inputs });
  await stage.gate(runId, 'go');
  return runId;
}

/** Waits until the list of gates has, or has not, one of a run. */
async function listed(muster: Muster, runId: string, wanted: boolean): Promise<void> {
  while ((await muster.inbox()).some((gate) => gate.runId === runId) !== wanted) await pause(25);
}

describe('over HTTP', () => {
  test('a drill goes from its start through an approval to its end', async () => {
    const [boris, carla] = [await by('boris'), await by('carla')];
    const runId = await waiting(APPROVED);
    for (const one of [boris, carla]) await one.vote({ runId, gate: 'go', decision: 'approve' });
    expect(await boris.result(runId)).toMatchObject({ outcome: 'succeeded', steps: 2 });
    expect((await boris.show(runId)).steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  test('a gate is listed while it is open, for those who can answer it', async () => {
    const [anna, boris, emil] = [await by('anna'), await by('boris'), await by('emil')];
    const runId = await waiting(APPROVED);
    const mine = async (one: Muster) => (await one.inbox()).find((gate) => gate.runId === runId)?.isMine;
    expect([await mine(anna), await mine(boris)]).toEqual([false, true]);
    for (const one of [boris, emil]) await one.vote({ runId, gate: 'go', decision: 'approve' });
    await listed(boris, runId, false);
    expect(await mine(boris)).toBeUndefined();
  });

  test('two tokens and a session of one person count once', async () => {
    const session = await login('boris');
    const boris = await stage.data.identity.actorOf(session);
    const scope = { actions: ['gate.vote', 'run.show'] };
    const make = async () =>
      (await stage.data.identity.tokens.make(boris, { note: 'a test', scope, validMs: 60_000 })).credential;
    const runId = await waiting(APPROVED);
    const vote = (credential: string) =>
      musterBy(credential).vote({ runId, gate: 'go', decision: 'approve' });
    await vote(await make());
    for (const again of [await make(), session]) {
      await expect(vote(again)).rejects.toMatchObject({ code: 'vote.refused' });
    }
    expect((await stage.gate(runId, 'go')).gate?.votes.map(({ person }) => person)).toEqual(['boris']);
  });

  test('a service does not vote, whatever its roles', async () => {
    const ada = await stage.data.identity.actorOf(await login('ada'));
    const scope = { actions: ['run.show', 'run.list'] };
    const { credential } = await stage.data.identity.tokens.make(ada, {
      note: 'a test',
      person: 'robot',
      scope,
      validMs: 60_000,
    });
    const runId = await waiting(APPROVED);
    await expect(musterBy(credential).vote({ runId, gate: 'go', decision: 'approve' })).rejects.toMatchObject(
      { code: 'identity.notAllowed' },
    );
  });

  test('the errors of an operation come back with their codes', async () => {
    const anna = await by('anna');
    const nothing = {
      file: 'a.yaml',
      text: 'name: a',
      mode: 'drill',
      purpose: 'exercise',
      inputs: {},
    } as const;
    await expect(anna.start(nothing)).rejects.toMatchObject({
      code: 'run.refused',
      diagnostics: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) as unknown,
    });
    await expect(anna.show('dr-drill-20250131-k7m2qz')).rejects.toMatchObject({ code: 'run.notFound' });
  });

  test('a freeze is set, listed and ended', async () => {
    const anna = await by('anna');
    const { freeze } = await anna.freeze({ reason: 'a test', scope: { runbooks: 'no-such-runbook' } });
    expect(await anna.freezes()).toContainEqual(freeze);
    expect(await anna.unfreeze({ id: freeze.id })).toEqual([freeze]);
  });
});

describe('the card of an approval', () => {
  test('says what would be done to which machines, and how old their restore points are', async () => {
    const boris = await by('boris');
    const runId = await waiting(FAILOVER, { plan: 'ERP-CANARY' });
    const card = await boris.card({ runId, gate: 'go' });
    expect(card).toMatchObject({
      title: 'Fail over?',
      mode: 'drill',
      starter: 'anna',
      allows: [
        {
          title: 'Fail ERP over',
          action: 'vro.failover',
          with: [{ name: 'plan', value: 'ERP-CANARY' }],
          production: true,
        },
      ],
      facts: { plans: [{ name: 'ERP-CANARY' }], more: 0 },
      missing: ['1 with role dr-manager'],
      votes: [],
      changed: [],
    });
    expect(card.facts?.machines.length).toBeGreaterThan(0);
    expect(card.leftMs).toBeGreaterThan(3_500_000);
  });

  test('shows who has said what so far, and who is still missing', async () => {
    const boris = await by('boris');
    const runId = await waiting(APPROVED);
    await boris.vote({ runId, gate: 'go', decision: 'approve', comment: 'fine' });
    const { votes, missing } = await boris.card({ runId, gate: 'go' });
    expect(votes).toMatchObject([
      { person: 'boris', decision: 'approve', comment: 'fine', assurance: 'password' },
    ]);
    expect(missing).toEqual(['1 more with role dr-manager']);
  });

  test('names the last drill', async () => {
    const boris = await by('boris');
    const runId = await waiting(APPROVED);
    const at = Date.now();
    await stage.data.stores.runs.end(runId, { endedAt: at, outcome: 'warned' });
    expect((await boris.card({ runId, gate: 'go' })).lastDrill).toEqual({
      runId,
      outcome: 'warned',
      endedAt: at,
    });
  });
});

test('a card is shown while no worker runs, without the answers that only the run knows', async () => {
  const one = await stageForTest({ config: await configuration(), worker: false });
  const worker = await one.startWorker();
  const runId = await one.start(FAILOVER, { inputs: { plan: 'ERP-CANARY' } });
  await one.gate(runId, 'go');
  await worker.stop();
  const card = await one.muster.as('boris').card({ runId, gate: 'go' });
  expect(card).toMatchObject({ title: 'Fail over?', allows: [{ action: 'vro.failover' }] });
  expect([card.votes, card.warnings.some((says) => says.includes('cannot be asked now'))]).toEqual([
    undefined,
    true,
  ]);
});

describe('links that are opened', () => {
  test('change nothing, in the world or in the run', async () => {
    const runId = await waiting(FAILOVER, { plan: 'ERP-CANARY' });
    const before = [callsTo(stage), (await stage.muster.show(runId)).steps];
    const cookie = `muster_session=${await login('boris')}`;
    for (const path of ['/', `/runs/${runId}`, `/runs/${runId}/gates/go`]) {
      for (const url of [path, path, `${path}?offer=approve`]) {
        const answer = await fetch(new URL(url, server.url), { headers: { cookie, accept: 'text/html' } });
        expect(answer.status).toBe(200);
      }
    }
    expect([callsTo(stage), (await stage.muster.show(runId)).steps]).toEqual(before);
  });

  test('lead to a form by which a person answers', async () => {
    const runId = await waiting(FAILOVER, { plan: 'ERP-CANARY' });
    const cookie = `muster_session=${await login('boris')}`;
    const url = new URL(`/runs/${runId}/gates/go`, server.url);
    const page = await (await fetch(url, { headers: { cookie, accept: 'text/html' } })).text();
    const seen = /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: url.origin, accept: 'text/html' },
      body: new URLSearchParams({ offer: 'reject', seen, comment: 'not today' }),
    });
    expect(answer.status).toBe(303);
    expect((await stage.ended(runId)).outcome).toBe('rejected');
  });
});
