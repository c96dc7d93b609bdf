import { expect, test } from 'vitest';
import { createCircuit } from '../../src/veeam/circuit.ts';
import { VeeamError } from '../../src/veeam/index.ts';
import type { VeeamErrorCode } from '../../src/veeam/index.ts';
import { containing, failureOf, fakeServer, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

const site = { connection: 'dr-site', call: 'GET /Plans', changes: false };
const failure = (code: VeeamErrorCode) => new VeeamError(code, site);

/** A circuit with a clock that is set by hand, and no jitter. */
function circuitByHand() {
  const clock = { now: 0 };
  const circuit = createCircuit({
    failures: 5,
    openMs: 1_000,
    maxMs: 30_000,
    now: () => clock.now,
    random: () => 0.5,
  });
  const fail = (code: VeeamErrorCode = 'veeam.unreachable') => circuit.enter(site).failed(failure(code));
  const open = () => {
    for (let time = 0; time < 5; time += 1) fail();
  };
  return { clock, circuit, fail, open };
}

test.each<VeeamErrorCode>([
  'veeam.unreachable',
  'veeam.tls',
  'veeam.proxy',
  'veeam.timeout',
  'veeam.connectionLost',
])('five %s in a row open it', (code) => {
  const { circuit, fail } = circuitByHand();
  for (let time = 0; time < 5; time += 1) fail(code);

  expect(() => circuit.enter(site)).toThrow(
    expect.objectContaining({ code: 'veeam.circuitOpen', effect: 'none', retryAfterMs: 1_000 }),
  );
});

test('the refusal names the last failure and when it is tried again', () => {
  const { circuit, open } = circuitByHand();
  open();

  expect(() => circuit.enter(site)).toThrow(
    /5 failures in a row, the last time with veeam\.unreachable at GET \/Plans; it is tried again in 1 s/,
  );
});

test('an answer in between starts the count again', () => {
  const { circuit, fail } = circuitByHand();
  for (let time = 0; time < 4; time += 1) fail();
  circuit.enter(site).answered();
  for (let time = 0; time < 4; time += 1) fail();

  expect(() => circuit.enter(site)).not.toThrow();
});

test('cancelled calls do not count', () => {
  const { circuit, fail } = circuitByHand();
  for (let time = 0; time < 9; time += 1) fail('veeam.cancelled');

  expect(() => circuit.enter(site)).not.toThrow();
});

test('half open it lets exactly one request through', () => {
  const { circuit, clock, open } = circuitByHand();
  open();
  clock.now = 1_000;

  const trial = circuit.enter(site);

  expect(() => circuit.enter(site)).toThrow(/being tried right now/);
  trial.answered();
  expect(() => circuit.enter(site)).not.toThrow();
});

test('a trial that is given up leaves its place to the next', () => {
  const { circuit, clock, open } = circuitByHand();
  open();
  clock.now = 1_000;
  circuit.enter(site).release();

  expect(() => circuit.enter(site)).not.toThrow();
});

test('the time doubles with each failed trial up to the longest, and starts anew after an answer', () => {
  const { circuit, clock, fail, open } = circuitByHand();
  open();
  const waits: (number | undefined)[] = [];
  for (let trial = 0; trial < 7; trial += 1) {
    const waitMs = waitOf(circuit);
    waits.push(waitMs);
    clock.now += waitMs ?? 0;
    fail();
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);

  clock.now += 30_000;
  circuit.enter(site).answered();
  open();
  expect(waitOf(circuit)).toBe(1_000);
});

/** How long it is still open. */
function waitOf(circuit: ReturnType<typeof createCircuit>): number | undefined {
  try {
    circuit.enter(site).release();
    return undefined;
  } catch (error) {
    return error instanceof VeeamError ? error.retryAfterMs : undefined;
  }
}

test('requests that were on their way when it opened do not prolong it', () => {
  const { circuit, clock, open } = circuitByHand();
  const early = circuit.enter(site);
  open();
  clock.now = 900;
  early.failed(failure('veeam.timeout'));
  clock.now = 1_000;

  expect(() => circuit.enter(site)).not.toThrow();
});

test('a dead server is left alone by reads and commands', async () => {
  const limits = { backoffMs: 1, circuitOpenMs: 600_000, circuitMaxMs: 600_000 };
  const vro = vroClient('http://127.0.0.1:1', { limits });
  await failureOf(vro.plan(PLAN_ID));
  await failureOf(vro.plan(PLAN_ID));

  const errors = await Promise.all([failureOf(vro.plan(PLAN_ID)), failureOf(vro.undo(PLAN_ID))]);

  for (const error of errors) {
    expect(error).toMatchObject({
      code: 'veeam.circuitOpen',
      effect: 'none',
      message: containing('veeam.unreachable'),
    });
  }
});

test('errors of the server never open it', async () => {
  const server = await fakeVeeam(() => ({ status: 500 }));
  const vro = vroClient(server.url);

  for (let call = 0; call < 5; call += 1) {
    expect(await failureOf(vro.undo(PLAN_ID))).toMatchObject({ code: 'veeam.serverError' });
  }
});

test('when the server is back, one trial opens the way for all, and a command may be it', async () => {
  const token = tokenEndpoint();
  let down = false;
  const server = await fakeServer((seen) => {
    if (seen.path.endsWith('/token')) return token.handler(seen);
    return down ? 'drop' : { json: PLAN_DETAILS };
  });
  const vro = vroClient(server.url, { limits: { backoffMs: 1, circuitFailures: 2, circuitOpenMs: 1_000 } });
  await vro.runtimeDetails.plan(PLAN_ID);
  down = true;
  // Two failures, and the third attempt is not made.
  expect(await failureOf(vro.runtimeDetails.plan(PLAN_ID))).toMatchObject({ code: 'veeam.circuitOpen' });
  down = false;

  const undone = () => vro.undo(PLAN_ID).then(({ status }) => status, codeOf);
  await expect.poll(undone, { timeout: 30_000 }).toBe(200);

  expect(await vro.runtimeDetails.plan(PLAN_ID)).toMatchObject({ id: PLAN_ID });
});

const codeOf = (error: unknown) => (error instanceof VeeamError ? error.code : 'another error');
