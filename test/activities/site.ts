import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import { createActivities, type Deps, type VroConnection } from '../../activities/index.ts';
import type { ActionInput, PollInput } from '../../activities/contract.ts';
import type { JsonObject } from '../../src/model/json.ts';
import {
  startSimulator,
  virtualClock,
  type Simulator,
  type SimulatorOptions,
  type VirtualClock,
} from '../../src/simulator/index.ts';
import { createOneClient, createVroClient, type VroClient } from '../../src/veeam/index.ts';
import { commandInput, makeDeps, RUN, vroConnection, type HandClock } from './support.ts';

/** More than any operation of the simulated plans takes. */
export const LONG_MS = 3_600_000;

export interface SiteOptions extends Omit<SimulatorOptions, 'clock'> {
  readonly changeClient?: (client: VroClient) => VroClient;
}

/** Simulated servers whose time stands still until it is moved, and the worker's side of them. */
export interface Site {
  readonly simulator: Simulator;
  /** The time of the servers. */
  readonly world: VirtualClock;
  readonly vro: VroConnection;
  readonly deps: Deps;
  /** Runs an action as a worker would, by its name; as a step of a live run. Rejects as the activity does. */
  readonly run: (
    action: string,
    given: JsonObject,
    more?: RunOptions,
  ) => Promise<{ readonly output?: JsonObject }>;
}

export interface RunOptions {
  readonly input?: Partial<PollInput>;
  readonly environment?: MockActivityEnvironment;
}

/** An environment of one activity, which ends with the test. */
export function environmentOf(
  info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {},
): MockActivityEnvironment {
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  onTestFinished(() => environment.cancel());
  return environment;
}

export async function siteOf({
  changeClient = (client) => client,
  ...options
}: SiteOptions = {}): Promise<Site> {
  const world = virtualClock();
  const simulator = await startSimulator({ clock: world, ...options });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const credentials = { kind: 'password', username, password: () => password } as const;
  const times = { pollMs: 2, effectLagMs: 1 };
  const client = createVroClient({
    connection: 'dr-site',
    url: simulator.urls.vro,
    apiVersion: 'v7.21',
    credentials,
  });
  const one = createOneClient({ connection: 'hq', url: simulator.urls.one, credentials });
  onTestFinished(async () => {
    await Promise.all([client.close(), one.close()]);
  });
  const vro = vroConnection(changeClient(client), times);
  const deps = await makeDeps(
    {
      vro: () => vro,
      one: () => ({ name: 'hq', client: one, ...times }),
      policy: { drillAllow: [], unattended: [RUN.runbook] },
    },
    workerClock(world),
  );
  const activities = createActivities(deps) as unknown as Readonly<
    Record<string, (input: ActionInput) => Promise<{ output?: JsonObject }>>
  >;
  return {
    simulator,
    world,
    vro,
    deps,
    run: (action, given, { input = {}, environment = environmentOf() } = {}) => {
      const activity = activities[action];
      if (activity === undefined) throw new Error(`no activity ${action}`);
      const step = { ...commandInput({ run: { ...RUN, mode: 'live' }, path: 'step', action }), with: given };
      return environment.run(activity, { ...step, ...input });
    },
  };
}

/** The clock of a worker that goes with the servers', and on which real time passes as well: deadlines end. */
function workerClock(world: VirtualClock): HandClock {
  const started = performance.now();
  return {
    get wall() {
      return world.now() + Math.floor(performance.now() - started);
    },
    get monotonic() {
      return performance.now();
    },
    advance: (milliseconds) => {
      world.advance(milliseconds);
    },
  };
}
