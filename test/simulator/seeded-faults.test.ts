import { Client } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault, SeededKind, Simulator } from '../../src/simulator/index.ts';
import { SEEDED_KINDS, seededFaults } from '../../src/simulator/index.ts';
import type { Site } from './support.ts';
import { logIn, send, site } from './support.ts';

type Seeded = Omit<Extract<Fault, { kind: 'seeded' }>, 'kind'>;

const LIST = 'GET /Plans';

/** What happens to so many requests, one after the other: a status, or that there was no answer. */
async function fates({ vro }: Site, count: number, path = '/Plans'): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < count; i++) found.push(await fate(vro, path));
  return found;
}

async function fate(vro: Site['vro'], path: string): Promise<string> {
  try {
    const { status, text, headers } = await vro.call('GET', path);
    if (headers.get('content-type')?.includes('html') === true) return 'html';
    return text.endsWith('}') ? String(status) : 'torn';
  } catch {
    return 'reset';
  }
}

async function seeded(options: Seeded): Promise<Site> {
  const here = await site();
  here.sim.faults.add(seededFaults({ system: 'vro', hangMs: 20, slowMs: 20, ...options }));
  return here;
}

test('the same seed strikes the same requests', async () => {
  const [one, other] = [await seeded({ seed: 7, rate: 0.4 }), await seeded({ seed: 7, rate: 0.4 })];
  const [first, second] = [await fates(one, 25), await fates(other, 25)];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBeGreaterThan(2);
});

test('another seed strikes others', async () => {
  const [one, other] = [await seeded({ seed: 7, rate: 0.4 }), await seeded({ seed: 'x', rate: 0.4 })];
  expect(await fates(one, 25)).not.toEqual(await fates(other, 25));
});

test('calls at the same time do not disturb each other', async () => {
  const [one, other] = [await seeded({ seed: 3, rate: 0.4 }), await seeded({ seed: 3, rate: 0.4 })];
  const path = `/RuntimeDetails/Plans/${one.idOf('ERP')}`;
  const alone = { plans: await fates(one, 15), details: await fates(one, 15, path) };
  const [details, plans] = await Promise.all([fates(other, 15, path), fates(other, 15)]);
  expect({ plans, details }).toEqual(alone);
});

test.each([
  [0, 0],
  [1, 20],
])('a rate of %d strikes %d of 20 requests', async (rate, struck) => {
  const here = await seeded({ seed: 1, rate, kinds: ['error'] });
  expect((await fates(here, 20)).filter((one) => one === '500')).toHaveLength(struck);
});

test.each([
  ['throttled', '429'],
  ['unavailable', '503'],
  ['error', '500'],
  ['errorAfter', '500'],
  ['reset', 'reset'],
  ['resetAfter', 'reset'],
  ['hang', 'reset'],
  ['tornBody', 'torn'],
  ['html', 'html'],
  ['slow', '200'],
] satisfies [SeededKind, string][])('the kind %s looks like %s', async (kind, expected) => {
  expect(SEEDED_KINDS).toContain(kind);
  expect(await fates(await seeded({ seed: 1, rate: 1, kinds: [kind] }), 1)).toEqual([expected]);
});

test.each([
  ['resetAfter', 1],
  ['errorAfter', 1],
  ['hang', 1],
  ['html', 1],
  ['reset', 0],
  ['error', 0],
  ['throttled', 0],
] satisfies [SeededKind, number][])(
  'after the kind %s %d command is in the journal',
  async (kind, entries) => {
    const here = await seeded({ seed: 1, rate: 1, kinds: [kind] });
    await here.ask('ERP', 'Failover').catch(() => undefined);
    expect(here.sim.journal).toHaveLength(entries);
  },
);

test('a call or a system may be spared', async () => {
  const { sim, vro, idOf } = await site();
  sim.faults.add(seededFaults({ seed: 1, rate: 1, kinds: ['error'], system: 'vro', call: LIST }));
  expect((await vro.call('GET', '/Plans')).status).toBe(500);
  expect((await vro.call('GET', `/Plans/${idOf('ERP')}`)).status).toBe(200);
  expect((await logIn(sim)).status).toBe(200);
});

test('faults may be there from the start, and come from outside', async () => {
  const here = await site({ faults: [{ system: 'vro', call: LIST, kind: 'error' }] });
  expect((await here.vro.call('GET', '/Plans')).status).toBe(500);
  const fault = { kind: 'seeded', seed: 1, rate: 1, kinds: ['error'], system: 'vro' };
  expect((await here.control.call('POST', '/faults', fault)).status).toBe(201);
  expect((await here.vro.call('GET', '/Plans')).status).toBe(500);
  here.sim.faults.clear();
  expect((await here.vro.call('GET', '/Plans')).status).toBe(200);
});

test.each([
  ['a rate above one', { kind: 'seeded', seed: 1, rate: 2 }],
  ['an unknown kind', { kind: 'seeded', seed: 1, rate: 0.5, kinds: ['meteor'] }],
  ['a misspelt call', { kind: 'seeded', seed: 1, rate: 0.5, call: 'GET /Plan' }],
])('%s is refused', async (_title, fault) => {
  const { control } = await site();
  expect((await control.call('POST', '/faults', fault)).status).toBe(400);
});

describe('requests', () => {
  test('are counted by call', async () => {
    const { sim, vro } = await site();
    for (let i = 0; i < 3; i++) await vro.call('GET', '/Plans');
    const counts = sim.faults.requests();
    expect(counts.find(({ call }) => call === LIST)).toEqual({
      system: 'vro',
      call: LIST,
      requests: 3,
      insideRetryAfter: 0,
    });
    expect(
      counts.find(({ system, call }) => system === 'vbr' && call === 'POST /api/oauth2/token'),
    ).toMatchObject({
      requests: 1,
    });
  });

  test.each([
    ['seconds', 60],
    ['a date', new Date(Date.now() + 3_600_000).toUTCString()],
  ])('are counted when they come inside a Retry-After of %s', async (_title, retryAfter) => {
    const { sim } = await site();
    sim.faults.add({ system: 'vro', call: LIST, kind: 'throttle', retryAfter });
    // As impatient as can be: at once, on the same connection.
    expect([await impatient(sim, 3), sim.faults.insideRetryAfter]).toEqual([[429, 401, 401], 2]);
  });

  test('are counted on other connections when they cannot have been on their way', async () => {
    const { sim, vro } = await site();
    sim.faults.add({ system: 'vro', call: LIST, kind: 'throttle', retryAfter: 600 });
    await vro.call('GET', '/Plans');
    const look = async (): Promise<number> => {
      await vro.call('GET', '/Plans');
      return sim.faults.insideRetryAfter;
    };
    await expect.poll(look, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  test('may come again when the Retry-After has passed, and at other servers any time', async () => {
    const { sim, vro, vbr } = await site();
    sim.faults.add({ system: 'vro', call: LIST, kind: 'throttle', status: 503, retryAfter: 1 });
    const asked = Date.now();
    expect((await vro.call('GET', '/Plans')).status).toBe(503);
    await vbr.call('GET', '/api/v1/agents/recoveryTokens');
    await expect.poll(() => Date.now() - asked, { timeout: 10_000 }).toBeGreaterThan(1_200);
    expect([(await vro.call('GET', '/Plans')).status, sim.faults.insideRetryAfter]).toEqual([200, 0]);
  });

  test('can be looked at from outside', async () => {
    const { control } = await site();
    const { json } = await control.call('GET', '/requests');
    const calls = json['calls'] as readonly { call: string }[];
    expect(json['insideRetryAfter']).toBe(0);
    expect(calls.map(({ call }) => call)).toContain('POST /api/token');
  });

  test('that nobody can count on are no window', async () => {
    const { sim, vro } = await site();
    const retryAfter = 'soon';
    sim.faults.add({ system: 'vro', call: LIST, kind: 'throttle', retryAfter });
    expect((await vro.call('GET', '/Plans')).headers.get('retry-after')).toBe(retryAfter);
    await vro.call('GET', '/Plans');
    expect(sim.faults.insideRetryAfter).toBe(0);
  });
});

/** So many requests for plans on one connection, without a login: their statuses. */
async function impatient(sim: Simulator, count: number): Promise<number[]> {
  const client = new Client(sim.urls.vro);
  onTestFinished(() => client.close());
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/api/v7.21/Plans' });
    await body.dump();
    statuses.push(statusCode);
  }
  return statuses;
}

test('a session of VBR can be made to fail', async () => {
  const { sim, control } = await site();
  sim.faults.add({ kind: 'failSession', vm: 'erp-db-01', session: 'Failover' });
  expect((await control.call('POST', '/faults', { kind: 'failSession', vm: 'nobody' })).status).toBe(400);
  expect(sim.faults.list()).toMatchObject([{ fault: { kind: 'failSession', result: 'Failed' } }]);
});

test('faults strike Veeam ONE as the others', async () => {
  const { sim } = await site();
  sim.faults.add({ system: 'one', call: 'POST /api/token', kind: 'throttle', retryAfter: 5 });
  const { status, headers } = await send(`${sim.urls.one}/api/token`, 'POST', new URLSearchParams());
  expect([status, headers.get('retry-after')]).toEqual([429, '5']);
});
