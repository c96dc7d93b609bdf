import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, type TestContext } from 'vitest';
import { startTemporalServer, type TemporalServer } from '../../src/stack/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';

/** A Temporal server that can be ended and started again, at the same address and with what it knew. */
export interface OwnTemporal {
  readonly address: string;
  stop(): Promise<void>;
  /** As a power cut does it. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts one that only this test uses. */
export async function ownTemporal({
  onTestFinished,
}: Pick<TestContext, 'onTestFinished'>): Promise<OwnTemporal> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-temporal-'));
  const startOn = (port?: number): Promise<TemporalServer> =>
    startTemporalServer({
      cliPath: inject('temporalCliPath'),
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
      namespace: 'default',
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
      ...(port === undefined ? {} : { port }),
    });
  let server = await startOn();
  const { address } = server;
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    address,
    stop: () => server.stop(),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    start: async () => {
      server = await startOn(Number(new URL(`tcp://${address}`).port));
    },
  };
}
