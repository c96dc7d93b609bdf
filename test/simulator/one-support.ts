import { onTestFinished } from 'vitest';
import type { Simulator, SimulatorOptions, VirtualClock } from '../../src/simulator/index.ts';
import { startSimulator, virtualClock } from '../../src/simulator/index.ts';
import type { Answer, Client, Json } from './support.ts';
import { send } from './support.ts';

/** A simulator of its own for one test, on a clock that stands still, and a client logged in to its Veeam ONE. */
export interface OneSite {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  /** Lets simulated time pass. */
  readonly after: (seconds: number) => void;
  /** Calls of v2.3. */
  readonly one: Client;
  /** A GET of v2.3: its body. */
  readonly get: (path: string, query?: Readonly<Record<string, unknown>>) => Promise<Json>;
  /** The items of a collection. */
  readonly items: (path: string, query?: Readonly<Record<string, unknown>>) => Promise<readonly Json[]>;
}

export function logInOne(sim: Simulator, form: Record<string, string> = {}): Promise<Answer> {
  const { username, password } = sim.credentials;
  const body = new URLSearchParams({ grant_type: 'password', username, password, ...form });
  return send(`${sim.urls.one}/api/token`, 'POST', body);
}

/** A client of Veeam ONE, logged in. */
export async function oneClient(sim: Simulator, version = 'v2.3'): Promise<Client> {
  const authorization = `Bearer ${(await logInOne(sim)).json.access_token ?? ''}`;
  return {
    call: (method, path, body, headers = {}) =>
      send(`${sim.urls.one}/api/${version}${path}`, method, body, { authorization, ...headers }),
  };
}

/** A query string; what is no text is written as JSON. */
export function queryOf(query: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return texts.length === 0 ? '' : `?${new URLSearchParams(texts).toString()}`;
}

export async function oneSite(options: SimulatorOptions = {}): Promise<OneSite> {
  const clock = virtualClock();
  const sim = await startSimulator({ clock, ...options });
  onTestFinished(() => sim.close());
  const one = await oneClient(sim);
  const get: OneSite['get'] = async (path, query = {}) =>
    (await one.call('GET', `${path}${queryOf(query)}`)).json;
  return {
    sim,
    clock,
    after: (seconds) => clock.advance(seconds * 1000),
    one,
    get,
    items: async (path, query) => (await get(path, query))['items'] as readonly Json[],
  };
}
