import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import type { Deps, VbrConnection } from '../../activities/index.ts';
import type { ActionResult, CommandInput } from '../../activities/contract.ts';
import { DRIVERS, type CommandName } from '../../activities/drivers.ts';
import type { CommandDriver } from '../../activities/effects/driver.ts';
import { performCommand } from '../../activities/effects/perform.ts';
import { waitForSessions } from '../../activities/vbr/wait-for-sessions.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { CommandDone } from '../../src/model/run.ts';
import type { KeptSecret, SecretStore } from '../../src/store/index.ts';
import {
  startSimulator,
  virtualClock,
  type Scenario,
  type Simulator,
  type VirtualClock,
} from '../../src/simulator/index.ts';
import { createVbrClient, type VbrClient } from '../../src/veeam/index.ts';
import { commandInput, makeConduct, makeDeps, RUN } from './support.ts';

/** Longer than any session. */
const LONG_MS = 3_600_000;

/** Two machines that share a replication job, one that has its own, and computers with agents. */
const SHOP: Scenario = {
  name: 'shop',
  vro: { plans: [] },
  vbr: {
    vms: [
      { name: 'shop-db', isReplicated: true, replicationJob: 'Replicate shop' },
      { name: 'shop-app', isReplicated: true, replicationJob: 'Replicate shop' },
      { name: 'mail', isReplicated: true, replicationJob: 'Replicate mail' },
    ],
    agentBackups: ['pc-1', 'pc-2', 'pc-10'].map((computer) => ({ name: `Agents - ${computer}`, computer })),
  },
};

type Given = Partial<Omit<CommandInput, 'action' | 'with'>>;

/** A VBR server with the actions on it, in a live run that needs no approval. */
export interface VbrSite {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly client: VbrClient;
  readonly connection: VbrConnection;
  readonly deps: Deps;
  /** What was put into the secret sink, by its id. */
  readonly secrets: ReadonlyMap<string, KeptSecret>;
  /** What was put there, each time. */
  readonly kept: readonly string[];
  driver(action: CommandName, given: JsonObject, more?: Given): CommandDriver;
  /** Sends a command as an activity does; `change` may get in its driver's way. */
  perform(
    action: CommandName,
    given: JsonObject,
    change?: (driver: CommandDriver) => CommandDriver,
    more?: Given,
  ): Promise<CommandDone>;
  /** Lets every session come to its end. */
  finish(): void;
  /** Watches what a command has started, or the sessions of `given`. */
  watch(command: CommandDone | undefined, given?: JsonObject): Promise<ActionResult>;
  /** Sends a command and sees it through. */
  done(action: CommandName, given: JsonObject): Promise<ActionResult>;
  /** How often a call was requested. */
  requests(call: string): number;
  stateOf(machine: string): string | undefined;
}

export interface VbrSiteOptions {
  readonly scenario?: Scenario;
  readonly changeClient?: (client: VbrClient) => VbrClient;
  readonly policy?: Deps['policy'];
  /** Where secrets go; default: nowhere but into `secrets` and `kept`. */
  readonly secretsOver?: (store: SecretStore) => SecretStore;
}

/** A site of its own for one test. */
export async function vbrSite({
  scenario = SHOP,
  changeClient = (client) => client,
  policy = { drillAllow: [], unattended: [RUN.runbook] },
  secretsOver,
}: VbrSiteOptions = {}): Promise<VbrSite> {
  const clock = virtualClock();
  const simulator = await startSimulator({ clock, scenario });
  onTestFinished(() => simulator.close());
  const { username, password } = simulator.credentials;
  const client = changeClient(
    createVbrClient({
      connection: 'dr-backup',
      url: simulator.urls.vbr,
      credentials: { kind: 'password', username, password: () => password },
    }),
  );
  onTestFinished(() => client.close());
  const connection: VbrConnection = { name: 'dr-backup', client, pollMs: 2, effectLagMs: 1 };
  const secrets = new Map<string, KeptSecret>();
  const kept: string[] = [];
  const base = await makeDeps({ vbr: () => connection, policy, now: Date.now });
  const deps: Deps = {
    ...base,
    monotonic: () => performance.now(),
    stores: {
      ...base.stores,
      secrets: secretsOver?.(base.stores.secrets) ?? {
        ...base.stores.secrets,
        prepare: async () => undefined,
        extend: async () => undefined,
        keep: async (secret) => {
          secrets.set(secret.id, secret);
          kept.push(secret.id);
          return { fingerprint: `of ${secret.id}` };
        },
        forget: async ({ id }) => {
          secrets.delete(id);
        },
      },
    },
  };
  const inputOf = (action: string, given: JsonObject, more: Given = {}): CommandInput =>
    commandInput({
      run: { ...RUN, mode: 'live' },
      connection: 'dr-backup',
      path: action,
      action,
      with: given,
      ...more,
    });

  let attempts = 0;
  const site: VbrSite = {
    simulator,
    clock,
    client,
    connection,
    deps,
    secrets,
    kept,
    driver: (action, given, more) => DRIVERS[action](deps, inputOf(action, given, more)),
    perform: (action, given, change = (driver) => driver, more) => {
      attempts += 1;
      // Of one attempt only one begins.
      const own = { attempt: attempts, ...more };
      return performCommand(
        deps,
        inputOf(action, given, own),
        change(site.driver(action, given, own)),
        makeConduct(),
      );
    },
    finish: () => {
      clock.advance(LONG_MS);
    },
    watch: (command, given = {}) => {
      const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
      const input = inputOf(command?.action ?? 'vbr.waitForSessions', given);
      return environment.run(
        (poll: Parameters<typeof waitForSessions>[1]) => waitForSessions(deps, poll),
        command === undefined ? input : { ...input, command },
      );
    },
    done: async (action, given) => {
      const command = await site.perform(action, given);
      site.finish();
      return site.watch(command);
    },
    requests: (call) =>
      simulator.faults.requests().find((one) => one.call === `POST /api/v1/${call}`)?.requests ?? 0,
    stateOf: (machine) => simulator.world.protection.replicas.find(machine)?.state,
  };
  return site;
}

/** Lets something happen when the command has passed its fence, right before it is sent. */
export function beforeSending(happens: () => unknown): (driver: CommandDriver) => CommandDriver {
  return (driver) => ({
    ...driver,
    send: (observed, beforeSend) =>
      driver.send(observed, async () => {
        await beforeSend();
        await happens();
      }),
  });
}

/** Somebody else starts a failover of a machine in VBR's own console. */
export function failOverInConsole({ simulator }: Pick<VbrSite, 'simulator'>, machine: string): void {
  const { replicas, ...protection } = simulator.world.protection;
  const replica = replicas.find(machine);
  const [point] = replica === undefined ? [] : replicas.points(replica);
  protection.start({ move: 'failover', pointIds: [point?.id ?? ''] });
}
