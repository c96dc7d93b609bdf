import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DoctorCheck, DoctorConnection } from '../../src/cli/doctor-report.ts';
import { resolveSecret, type Config, type ConnectionConfig } from '../../src/config/index.ts';
import { startSimulator, type SimulatorOptions } from '../../src/simulator/index.ts';
import { examine, type ExamineOptions } from '../../src/stack/doctor/examine.ts';
import { tempFolder } from './helpers.ts';

/** What `DR_PASSWORD` holds: the simulator's. */
export const PASSWORD = 'Password1';
/** What is spoken unless a test says otherwise. */
export const VERSION = { vro: 'v7.21', vbr: '1.1-rev1', one: 'v2.3' } as const;

export type Given = Pick<ConnectionConfig, 'kind' | 'url'> & Partial<ConnectionConfig>;

/** A configuration with these connections; their password is in the environment. */
export function configOf(connections: Readonly<Record<string, Given>>): Config {
  return {
    connections: new Map(
      Object.entries(connections).map(([name, given]) => [
        name,
        {
          name,
          apiVersion: VERSION[given.kind],
          credentials: { username: 'EXAMPLE\\administrator', password: { env: 'DR_PASSWORD' } },
          pollMs: 250,
          effectLagMs: 1_000,
          ...given,
        },
      ]),
    ),
    people: new Map(),
    secrets: { reveals: 3 },
    signIn: { trustLocal: true },
    drill: { allow: [] },
    unattended: [],
    emergency: { spoken: [], breakGlass: [] },
    ledger: { origin: 'muster/ledger', witnesses: [] },
    retention: { drills: 1, automatic: false },
    checks: { allow: [] },
    channels: new Map(),
    notifications: { gates: [], schedules: [], roles: new Map() },
    server: { host: '127.0.0.1', port: 0, behindProxy: false },
    secretOf: async (ref) => resolveSecret(ref, { DR_PASSWORD: PASSWORD, OTHER_PASSWORD: 'hunter2-hunter2' }),
  };
}

/** A simulator that is gone with the test. */
export async function simulator(options?: SimulatorOptions) {
  const running = await startSimulator(options);
  onTestFinished(() => running.close());
  return running;
}

/** What is found at one connection. */
export async function found(given: Given, options?: ExamineOptions): Promise<DoctorConnection> {
  const { connections } = await examine(configOf({ 'dr-site': given }), options);
  const [only] = connections;
  if (only === undefined) throw new Error('Nothing was examined.');
  return only;
}

export const lineOf = ({ lines }: DoctorConnection, check: DoctorCheck) =>
  lines.find((line) => line.check === check);
export const checksOf = ({ lines }: DoctorConnection) => lines.map(({ check, level }) => `${check} ${level}`);

/** The certificates of the fixtures as files, because the configuration names files. */
export async function caFile(pem: string): Promise<string> {
  const file = join(await tempFolder(), 'ca.pem');
  await writeFile(file, pem);
  return file;
}

/** What a server without plans lists. */
export const PLANS = { json: { total: 0, data: [] } };
