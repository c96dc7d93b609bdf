import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createAppServer } from './app.ts';
import type { Clock } from './clock.ts';
import { scaledClock, wallClock } from './clock.ts';
import type { ServerContext } from './context.ts';
import { createControlServer } from './control.ts';
import { demoScenario } from './demo-scenario.ts';
import { SimulatorError } from './errors.ts';
import type { Fault } from './fault-schema.ts';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import { createJournal, entriesFor } from './journal.ts';
import { listen } from './listen.ts';
import { accessTokenMaker, makeRefreshToken } from './one/access-token.ts';
import { createCollection } from './one/collection.ts';
import { createOneServer } from './one/server.ts';
import type { Scenario } from './scenario.ts';
import { parseScenario } from './scenario.ts';
import type { ServerCertificate } from './tls.ts';
import { simulatorCertificate } from './tls.ts';
import { createTokens } from './tokens.ts';
import { createVbrServer } from './vbr/server.ts';
import { createVroServer } from './vro/server.ts';
import type { World } from './world/world.ts';
import { createWorld } from './world/world.ts';

/** As in the products: access tokens live 15 minutes. */
const TOKEN_LIFETIME_S = 900;
/** VRO's refresh tokens live 120 minutes, VBR's 14 days; for Veeam ONE's nothing is documented. */
const VRO_REFRESH_S = 120 * 60;
const VBR_REFRESH_S = 14 * 24 * 3600;
const ONE_REFRESH_S = 14 * 24 * 3600;
/** The control server has no login: it stays on this machine whatever `host` is. */
const LOOPBACK = '127.0.0.1';
/** How often the waiting helpers look, and how long before they give up. Real time. */
const LOOK_EVERY_MS = 5;
const GIVE_UP_AFTER_MS = 10_000;

export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0 or absent: any free port. */
  readonly ports?: Partial<Readonly<Record<ServerName, number | undefined>>> | undefined;
  /** A taken port gives way to any free one instead of throwing `PORT_TAKEN`. Default false. */
  readonly fallback?: boolean | undefined;
  /** Simulated milliseconds per real one, default 1; with 3600 an hour takes a second. */
  readonly timeScale?: number | undefined;
  /** Simulated time, instead of a clock that runs `timeScale` times as fast as the real one. */
  readonly clock?: Clock | undefined;
  /** The time that tokens expire by. Default: the real time, because clients count it so. */
  readonly tokenClock?: Clock | undefined;
  /** Default: `demoScenario`. */
  readonly scenario?: Scenario | undefined;
  /** Lifetime of access tokens in real seconds, default 900. */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** VRO, VBR and Veeam ONE speak HTTPS: with the simulator's own certificate, or with this one. Default HTTP. */
  readonly tls?: boolean | ServerCertificate | undefined;
  /** What goes wrong from the start. Default nothing. Throws `INVALID_FAULT`, `UNKNOWN_PLAN`. */
  readonly faults?: readonly Fault[] | undefined;
}

export type ServerName = 'vro' | 'vbr' | 'one' | 'app' | 'control';
/** The application and the control server stay with HTTP: they are no Veeam servers. */
const WITH_TLS: ReadonlySet<ServerName> = new Set(['vro', 'vbr', 'one']);

/** The running stand-ins. */
export interface Simulator {
  /** Base URLs without a slash at the end. */
  readonly urls: Readonly<Record<ServerName, string>>;
  readonly credentials: Readonly<{ username: string; password: string }>;
  /** With TLS: the CA to trust, as PEM text, unless an own certificate came without one. */
  readonly tls: Readonly<{ ca: string | undefined }> | undefined;
  readonly world: World;
  /** Every request that changed the world, in order. */
  readonly journal: readonly JournalEntry[];
  readonly faults: Faults;
  /** The Orchestrator restarts: RuntimeDetails of all plans are empty until their next execution. */
  reboot(options?: { rewound?: boolean | undefined }): void;
  /** The world is again as its scenario says, and nothing goes wrong any more. The journal stays. */
  reset(): void;
  /** Waits until nothing runs on the plan. Throws `NOT_SETTLED` after `withinMs` real milliseconds, default 10 s. */
  settled(plan: string, options?: { withinMs?: number | undefined }): Promise<void>;
  /** Waits until a call is in the journal `times` times, default once. Throws as `settled` does. */
  journaled(
    call: string,
    options?: { times?: number | undefined; withinMs?: number | undefined },
  ): Promise<void>;
  /** Closes all servers at once, open connections included. */
  close(): Promise<void>;
}

/** Starts the stand-ins for VRO, VBR and Veeam ONE, their protected application and the control server. */
export async function startSimulator({
  host = LOOPBACK,
  ports = {},
  fallback = false,
  timeScale = 1,
  clock = scaledClock({ timeScale }),
  tokenClock = wallClock,
  scenario = demoScenario,
  tokenLifetimeSeconds = TOKEN_LIFETIME_S,
  tls = false,
  faults: firstFaults = [],
}: SimulatorOptions = {}): Promise<Simulator> {
  const world = createWorld({ scenario: parseScenario(scenario), clock });
  const faults = createFaults({ world });
  const journal = createJournal();
  const contextWith = (
    refreshSeconds: number,
    makers: Pick<Parameters<typeof createTokens>[0], 'makeAccess' | 'makeRefresh'> = {},
  ): ServerContext => ({
    world,
    journal,
    tokenLifetimeSeconds,
    tokens: createTokens({
      clock: tokenClock,
      accessSeconds: tokenLifetimeSeconds,
      refreshSeconds,
      ...makers,
    }),
  });
  const vro = contextWith(VRO_REFRESH_S);
  const vbr = contextWith(VBR_REFRESH_S);
  const one = {
    ...contextWith(ONE_REFRESH_S, {
      makeAccess: accessTokenMaker(world.scenario.one.userRole),
      makeRefresh: makeRefreshToken,
    }),
    clock,
    collection: createCollection({ clock, spec: world.scenario.one.collection }),
  };
  const controlled = {
    journal: journal.entries,
    faults,
    world,
    reboot: (options?: { rewound?: boolean | undefined }) => world.reboot(options),
    reset: () => {
      faults.clear();
      world.reset();
      one.collection.reset();
    },
    report: () => world.report(),
  };

  const servers: Readonly<Record<ServerName, () => FastifyInstance>> = {
    vro: () => createVroServer(vro, { clock, faults }),
    vbr: () => createVbrServer(vbr, { clock, faults }),
    one: () => createOneServer(one, { faults }),
    app: () => createAppServer({ world }),
    control: () => createControlServer(controlled),
  };
  const certificate = tls === true ? simulatorCertificate() : tls === false ? undefined : tls;
  const opened: FastifyInstance[] = [];
  const close = async (): Promise<void> => {
    faults.clear();
    await Promise.all(opened.map((app) => app.close()));
  };
  const open = async (name: ServerName): Promise<string> => {
    const place = {
      host: name === 'control' ? LOOPBACK : host,
      port: ports[name],
      fallback,
      certificate: WITH_TLS.has(name) ? certificate : undefined,
    };
    const { app, url } = await listen(servers[name], place);
    opened.push(app);
    return url;
  };

  try {
    const urls = {
      vro: await open('vro'),
      vbr: await open('vbr'),
      one: await open('one'),
      app: await open('app'),
      control: await open('control'),
    };
    for (const fault of firstFaults) faults.add(fault);
    return {
      urls,
      credentials: world.scenario.user,
      tls: certificate === undefined ? undefined : { ca: certificate.ca },
      world,
      journal: journal.entries,
      faults,
      reboot: (options) => controlled.reboot(options),
      reset: () => controlled.reset(),
      settled: (plan, { withinMs = GIVE_UP_AFTER_MS } = {}) =>
        until(() => !world.plan(plan).situation.active, withinMs, `Plan ${plan} is still busy`),
      journaled: (call, { times = 1, withinMs = GIVE_UP_AFTER_MS } = {}) =>
        until(
          () => entriesFor(journal.entries, { call }).length >= times,
          withinMs,
          `${call} is not in the journal`,
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function until(isSo: () => boolean, withinMs: number, otherwise: string): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadline) {
      throw new SimulatorError(
        'NOT_SETTLED',
        `${otherwise} after ${withinMs} ms. Raise timeScale or withinMs.`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}
