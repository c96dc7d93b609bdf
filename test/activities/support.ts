import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createPlanPoller, type Deps, type VroConnection } from '../../activities/index.ts';
import type { CommandInput } from '../../activities/contract.ts';
import type { CommandDriver, Observed, Sighting } from '../../activities/effects/driver.ts';
import type { Conduct } from '../../activities/effects/perform.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { RunIdentity } from '../../src/model/run.ts';
import { storesForTest } from '../support/database.ts';
import type { VroClient } from '../../src/veeam/index.ts';

export const PLAN = 'dr-site/plan/p-1';

export const RUN: RunIdentity = {
  runId: 'canary-1',
  firstExecutionId: 'first-1',
  runbook: 'canary',
  runbookDigest: '0'.repeat(64),
  mode: 'drill',
  purpose: 'exercise',
  starter: 'anna',
};

/** A failover that the drill list allows. */
export function commandInput(changes: Partial<CommandInput> = {}): CommandInput {
  return {
    run: RUN,
    path: 'failover',
    phase: 'steps',
    attempt: 1,
    action: 'vro.failover',
    connection: 'dr-site',
    with: { plan: 'ERP-CANARY' },
    covers: [],
    ...changes,
  };
}

/** Wall and monotonic time that stand still until they are moved. */
export interface HandClock {
  wall: number;
  monotonic: number;
  advance(milliseconds: number): void;
}

export function handClock(): HandClock {
  return {
    wall: Date.parse('2026-03-01T03:00:00Z'),
    monotonic: 1_000,
    advance(milliseconds) {
      this.wall += milliseconds;
      this.monotonic += milliseconds;
    },
  };
}

/** Dependencies over a store of their own and a clock that is moved by hand; nothing is connected. */
export async function makeDeps(
  changes: Partial<Deps> = {},
  clock: HandClock = handClock(),
): Promise<Deps & { readonly clock: HandClock }> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-activities-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    stores: await storesForTest({ folder, now: () => clock.wall }),
    vro: notConnected,
    vbr: notConnected,
    one: notConnected,
    person: async () => undefined,
    isDelegated: async () => false,
    needsProof: () => false,
    proofOf: async () => undefined,
    verifyVote: async () => ({ ok: false, id: 'none', refusal: 'badSignature' }),
    mayCheck: () => false,
    policy: { drillAllow: [PLAN], unattended: [] },
    now: () => clock.wall,
    monotonic: () => clock.monotonic,
    ...changes,
    clock,
  };
}

/** A connection as the worker makes it, over a client of the test's. */
export function vroConnection(
  client: VroClient,
  { pollMs, effectLagMs }: Pick<VroConnection, 'pollMs' | 'effectLagMs'>,
): VroConnection {
  return { name: 'dr-site', client, pollMs, effectLagMs, poller: createPlanPoller(), states: {} };
}

function notConnected(): never {
  throw new Error('this test has no server');
}

export function observed(changes: Partial<Observed> = {}): Observed {
  return {
    target: PLAN,
    targetName: 'ERP-CANARY',
    baseline: { position: 'default' },
    stateClass: 'default',
    ...changes,
  };
}

/** A driver whose every part can be replaced, and which counts what it sent. */
export function makeDriver(changes: Partial<CommandDriver> = {}): CommandDriver & { readonly sent: number } {
  let sent = 0;
  const driver: CommandDriver = {
    effectLagMs: 1_000,
    observe: async () => observed(),
    send: async (): Promise<JsonObject> => ({ accepted: true }),
    look: async (): Promise<Sighting> => ({ saw: 'nothing' }),
    ...changes,
  };
  return {
    ...driver,
    async send(at, beforeSend) {
      await beforeSend();
      sent += 1;
      return driver.send(at, beforeSend);
    },
    get sent() {
      return sent;
    },
  };
}

/** A conduct whose sentences are kept; `onSay` hears each. */
export function makeConduct(onSay: (says: string) => void = () => undefined): Conduct & {
  readonly said: string[];
  readonly abort: () => void;
} {
  const cancelling = new AbortController();
  const said: string[] = [];
  return {
    signal: cancelling.signal,
    say: (says) => {
      said.push(says);
      onSay(says);
    },
    said,
    abort: () => {
      cancelling.abort();
    },
  };
}
