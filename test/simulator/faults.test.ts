import { expect, test } from 'vitest';
import { LONG, logIn, site } from './support.ts';

const LIST = { system: 'vro', call: 'GET /Plans' } as const;
const FAILOVER = { system: 'vro', call: 'POST /Plans/{planId}/Failover' } as const;

test('a fault strikes as often as it says, after as many as it says', async () => {
  const { sim, vro } = await site();
  sim.faults.add({ ...LIST, kind: 'error', status: 503, times: 2, after: 1 });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await vro.call('GET', '/Plans')).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
});

test('a fault strikes only the plan it names', async () => {
  const { sim, ask } = await site();
  sim.faults.add({ ...FAILOVER, plan: 'CRM', kind: 'error' });
  expect(await ask('ERP', 'Failover')).toBe(200);
  expect(await ask('CRM', 'Failover')).toBe(500);
});

test('throttling says when to come back', async () => {
  const { sim, ask, vro } = await site();
  sim.faults.add({ ...LIST, kind: 'throttle', retryAfter: 7 });
  const { status, headers } = await vro.call('GET', '/Plans');
  expect({ status, after: headers.get('retry-after') }).toEqual({ status: 429, after: '7' });
  sim.faults.add({ ...FAILOVER, kind: 'throttle', retryAfter: 'Thu, 15 Jan 2026 06:00:30 GMT' });
  expect(await ask('ERP', 'Failover')).toBe(429);
  expect(sim.journal).toEqual([]);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('an error %s the effect leaves %d entries in the journal', async (when, entries) => {
  const { sim, ask } = await site();
  sim.faults.add({ ...FAILOVER, kind: 'error', status: 502, when });
  expect(await ask('ERP', 'Failover')).toBe(502);
  expect(sim.journal).toHaveLength(entries);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a connection dropped %s the effect leaves %d entries in the journal', async (when, entries) => {
  const { sim, ask } = await site();
  sim.faults.add({ ...FAILOVER, kind: 'drop', when });
  await expect(ask('ERP', 'Failover')).rejects.toThrow('fetch failed');
  expect(sim.journal).toHaveLength(entries);
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a request held %s the effect leaves %d entries until it is released', async (when, entries) => {
  const { sim, ask } = await site();
  const hold = sim.faults.add({ ...FAILOVER, kind: 'hold', when });
  const asked = ask('ERP', 'Failover');
  await hold.arrived;
  if (when === 'after') await sim.journaled(FAILOVER.call);
  expect(sim.journal).toHaveLength(entries);
  hold.release();
  expect(await asked).toBe(200);
});

test('a held request is carried out though its client is gone', async () => {
  const { sim, idOf } = await site();
  const hold = sim.faults.add({ ...FAILOVER, kind: 'hold' });
  const { json } = await logIn(sim);
  const client = new AbortController();
  const asked = fetch(`${sim.urls.vro}/api/v7.21/Plans/${idOf('ERP')}/Failover`, {
    method: 'POST',
    headers: { authorization: `Bearer ${json.access_token ?? ''}` },
    signal: client.signal,
  });
  await hold.arrived;
  client.abort();
  await expect(asked).rejects.toThrow('aborted');
  hold.release();
  await sim.journaled(FAILOVER.call);
  expect(sim.journal).toHaveLength(1);
});

test('latency delays the answer', async () => {
  const { sim, vro } = await site();
  sim.faults.add({ ...LIST, kind: 'latency', ms: 30 });
  const started = performance.now();
  expect((await vro.call('GET', '/Plans')).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(25);
});

test('expired access tokens can be refreshed', async () => {
  const { sim, vro } = await site();
  const refresh_token = (await logIn(sim)).json.refresh_token ?? '';
  sim.faults.add({ ...LIST, kind: 'expireTokens' });
  expect((await vro.call('GET', '/Plans')).status).toBe(401);
  expect((await vro.call('GET', '/Plans')).status).toBe(401);
  expect((await logIn(sim, { grant_type: 'refresh_token', refresh_token })).status).toBe(200);
});

test('a torn body is not JSON any more', async () => {
  const { sim, vro } = await site();
  sim.faults.add({ ...LIST, kind: 'tornBody' });
  const { status, text } = await vro.call('GET', '/Plans');
  expect(status).toBe(200);
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
});

test('a sign-in page comes instead of JSON', async () => {
  const { sim, ask, vro } = await site();
  sim.faults.add({ ...LIST, kind: 'notJson' });
  const { status, headers } = await vro.call('GET', '/Plans');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html']);
  sim.faults.add({ ...FAILOVER, kind: 'notJson', when: 'before' });
  expect([await ask('ERP', 'Failover'), sim.journal]).toEqual([200, []]);
});

test('several faults can strike one request', async () => {
  const { sim, ask } = await site();
  sim.faults.add({ ...FAILOVER, kind: 'latency', ms: 1 });
  sim.faults.add({ ...FAILOVER, kind: 'error', status: 504, when: 'after' });
  expect(await ask('ERP', 'Failover')).toBe(504);
  expect(sim.journal).toHaveLength(1);
});

test('a fault may strike always and anywhere', async () => {
  const { sim, vbr } = await site();
  sim.faults.add({ system: 'vbr', call: '*', times: 'always', kind: 'error', status: 500 });
  for (let i = 0; i < 3; i++) {
    expect((await vbr.call('GET', '/api/v1/agents/recoveryTokens')).status).toBe(500);
  }
});

test('cleared faults are over', async () => {
  const { sim, ask, vro, details, after } = await site();
  sim.faults.add({ ...LIST, kind: 'error' });
  sim.faults.add({ kind: 'endWithWarnings', plan: 'ERP' });
  sim.faults.clear();
  expect((await vro.call('GET', '/Plans')).status).toBe(200);
  await ask('ERP', 'Failover');
  after(LONG);
  expect(await details('ERP')).toMatchObject({ currentRunResult: 'Success' });
});

test.each([
  ['a misspelt call', { ...LIST, call: 'GET /Plan', kind: 'drop' } as const, 'INVALID_FAULT'],
  ['an unknown plan', { kind: 'endWithWarnings', plan: 'NO' } as const, 'UNKNOWN_PLAN'],
  ['an unknown VM', { kind: 'failStep', plan: 'ERP', vm: 'no' } as const, 'INVALID_FAULT'],
  [
    'an unknown step',
    { kind: 'failStep', plan: 'ERP', vm: 'erp-db-01', step: 'no' } as const,
    'INVALID_FAULT',
  ],
])('a fault with %s is refused', async (_title, fault, code) => {
  const { sim } = await site();
  expect(() => sim.faults.add(fault)).toThrow(expect.objectContaining({ code }) as Error);
});
