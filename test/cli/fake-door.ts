import type { DoctorReport } from '../../src/cli/doctor-report.ts';
import type { DryRunReport } from '../../src/cli/dry-run-report.ts';
import type { BackupReport, StackDoor } from '../../src/cli/stack-door.ts';
import { fakeMuster } from './fake-muster.ts';
import { START } from './sample-run.ts';

/** What a doctor finds who finds nothing. */
export const HEALTHY: DoctorReport = { level: 'ok', connections: [], own: [] };

/** What a dry run finds of a runbook without steps. */
export const NOTHING_TO_DO: DryRunReport = {
  runbook: 'dr-drill',
  title: 'A drill',
  mode: 'drill',
  inputs: {},
  steps: [],
  estimate: { kind: 'none' },
};

/** A backup of a database without rows. */
export const BACKUP: BackupReport = {
  file: '/backup',
  database: '127.0.0.1:5432/muster',
  rows: 0,
  tables: {},
};

/** A stack where everything goes well and nothing happens, but for what the test gives. */
export function fakeDoor(over: Partial<StackDoor> = {}): StackDoor {
  return {
    openMuster: async () => fakeMuster(),
    openRemote: async () => fakeMuster(),
    signIn: async ({ person }) => ({
      credential: 'mss_session',
      expiresAt: START + 3_600_000,
      person,
      name: person,
    }),
    signInWays: async () => ({ password: true, provider: false }),
    redeem: async () => ({
      credential: 'mss_handed-over',
      expiresAt: START + 3_600_000,
      person: 'greta',
      name: 'Greta',
    }),
    signOut: async () => undefined,
    hashPassword: async () => '$scrypt$',
    runDemo: async () => 0,
    runStart: async () => 0,
    runWorker: async () => 0,
    runServer: async () => 0,
    runDoctor: async () => HEALTHY,
    runDryRun: async () => NOTHING_TO_DO,
    runBackup: async () => BACKUP,
    runRestore: async () => BACKUP,
    openLedger: async () => ({ ...fakeMuster(), place: 'database', close: async () => undefined }),
    runWitness: async () => 0,
    ...over,
  };
}
