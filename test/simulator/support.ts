import { expect, onTestFinished } from 'vitest';
import type { Simulator, SimulatorOptions, VirtualClock } from '../../src/simulator/index.ts';
import { startSimulator, virtualClock } from '../../src/simulator/index.ts';

/** An answer, its body read as JSON where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}
/** A body: the properties that tests look into, and whatever else it has. */
export interface Json {
  readonly id?: string;
  readonly name?: string;
  readonly total?: number;
  readonly data?: readonly Json[];
  readonly plans?: readonly Json[];
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly recoveryToken?: string;
  readonly [name: string]: unknown;
}

export interface Client {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Site {
  readonly sim: Simulator;
  readonly clock: VirtualClock;
  /** Lets simulated time pass. */
  readonly after: (seconds: number) => void;
  readonly vro: Client;
  readonly vbr: Client;
  readonly control: Client;
  /** One command on a plan: its HTTP status. */
  readonly ask: (plan: string, action: string, body?: unknown) => Promise<number>;
  /** `GET /RuntimeDetails/Plans/{planId}` and what is below it. */
  readonly details: (plan: string, below?: string) => Promise<Json>;
  readonly idOf: (plan: string) => string;
}

export const XAPI = { 'x-api-version': '1.1-rev1' };

export async function send(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof URLSearchParams;
  const type = body === undefined || isForm ? {} : { 'content-type': 'application/json' };
  const payload = body === undefined || isForm || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { ...type, ...headers },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: readJson(text) };
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

export function logIn(sim: Simulator, form: Record<string, string> = {}): Promise<Answer> {
  const { username, password } = sim.credentials;
  const body = new URLSearchParams({ grant_type: 'password', username, password, ...form });
  return send(`${sim.urls.vro}/api/token`, 'POST', body);
}

export function logInVbr(sim: Simulator, form: Record<string, string> = {}): Promise<Answer> {
  const { username, password } = sim.credentials;
  const body = new URLSearchParams({ grant_type: 'password', username, password, ...form });
  return send(`${sim.urls.vbr}/api/oauth2/token`, 'POST', body, XAPI);
}

export async function vroClient(sim: Simulator, form: Record<string, string> = {}): Promise<Client> {
  const authorization = `Bearer ${(await logIn(sim, form)).json.access_token ?? ''}`;
  return {
    call: (method, path, body, headers = {}) =>
      send(`${sim.urls.vro}/api/v7.21${path}`, method, body, { authorization, ...headers }),
  };
}

/** A simulator of its own for one test, on a clock that stands still, with clients that are logged in. */
export async function site(options: SimulatorOptions = {}): Promise<Site> {
  const clock = virtualClock();
  const sim = await startSimulator({ clock, ...options });
  onTestFinished(() => sim.close());
  const vro = await vroClient(sim);
  const bearer = `Bearer ${(await logInVbr(sim)).json.access_token ?? ''}`;
  const idOf = (plan: string): string => sim.world.plan(plan).spec.id;
  return {
    sim,
    clock,
    idOf,
    after: (seconds) => clock.advance(seconds * 1000),
    vro,
    vbr: {
      call: (method, path, body, headers = {}) =>
        send(`${sim.urls.vbr}${path}`, method, body, { authorization: bearer, ...XAPI, ...headers }),
    },
    control: { call: (method, path, body) => send(`${sim.urls.control}${path}`, method, body) },
    ask: async (plan, action, body) =>
      (await vro.call('POST', `/Plans/${idOf(plan)}/${action}`, body)).status,
    details: async (plan, below = '') =>
      (await vro.call('GET', `/RuntimeDetails/Plans/${idOf(plan)}${below}`)).json,
  };
}

/** Stands for any text in an expected body. */
export const ANY_TEXT = expect.any(String) as string;

/** Longer than any operation of the demo scenario. */
export const LONG = 3600;

/** Fails a plan over and lets it finish. */
export async function failOver({ ask, after }: Site, plan: string): Promise<void> {
  await ask(plan, 'Failover');
  after(LONG);
}
