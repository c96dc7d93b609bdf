import { request } from 'undici';
import { largeScenario, startSimulator } from '../src/simulator/index.ts';
import { createVroClient } from '../src/veeam/index.ts';
import { row, type Row } from './row.ts';
import type { Tools } from './tools.ts';

/** Calls measured for each pair of ways and round. */
const CALLS = 20;
const PAGE = 200;
const FILTER = [{ property: 'planType', operator: '==', value: 'Replica' }] as const;

/**
 * What the typed client costs over bare undici for one small read, and a filtered page of a large Orchestrator. The
 * simulator answers in the same process; both ways pay for it.
 */
export async function measureVeeam({ rounds, say }: Pick<Tools, 'rounds' | 'say'>): Promise<Row[]> {
  const simulator = await startSimulator({ scenario: largeScenario() });
  const { username, password } = simulator.credentials;
  const url = simulator.urls.vro;
  const client = createVroClient({
    connection: 'bench',
    url,
    credentials: { kind: 'password', username, password: () => password },
  });
  try {
    const { data, total } = await client.plans({ filter: FILTER, limit: PAGE });
    const planId = data[0]?.id ?? '';
    const authorization = `Bearer ${await login(url, username, password)}`;
    const bare = async (): Promise<void> => {
      const { body } = await request(`${url}/api/v7.21/Plans/${planId}`, { headers: { authorization } });
      await body.json();
    };
    const typed = async (): Promise<void> => {
      await client.plan(planId);
    };
    const page = async (): Promise<void> => {
      await client.plans({ filter: FILTER, limit: PAGE });
    };
    const ratios: number[] = [];
    const overheads: number[] = [];
    const pages: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      say(`veeam: round ${round} of ${rounds}`);
      const [first, second] = round % 2 === 0 ? [bare, typed] : [typed, bare];
      const times = new Map([
        [first, await timeOf(first)],
        [second, await timeOf(second)],
      ]);
      const pageMs = await timeOf(page);
      // The first round warms up.
      if (round === 0) continue;
      const bareMs = times.get(bare) ?? 0;
      const typedMs = times.get(typed) ?? 0;
      ratios.push(typedMs / bareMs);
      overheads.push(typedMs - bareMs);
      pages.push(pageMs);
    }
    return [
      row('a read by the client / by bare undici', '', ratios),
      row('what the client adds to a read', 'ms', overheads),
      row(`a filtered page: ${data.length} of ${total} plans, of 500`, 'ms', pages),
    ];
  } finally {
    await client.close();
    await simulator.close();
  }
}

/** Mean milliseconds of one call. */
async function timeOf(call: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  for (let calls = 0; calls < CALLS; calls += 1) await call();
  return (performance.now() - begun) / CALLS;
}

async function login(url: string, username: string, password: string): Promise<string> {
  const { body } = await request(`${url}/api/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', username, password }).toString(),
  });
  const { access_token: token } = (await body.json()) as { access_token: string };
  return token;
}
