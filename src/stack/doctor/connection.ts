import type { DoctorCheck, DoctorConnection, DoctorLine } from '../../cli/doctor-report.ts';
import { NO_SIMULATOR, type Config, type ConnectionConfig } from '../../config/index.ts';
import { probeServer, VeeamError, type CallOptions, type ServerProbe } from '../../veeam/index.ts';
import { serverOptions } from '../connections.ts';
import { missingSecrets } from './account.ts';
import { TIMEOUTS, type Checkup } from './checkup.ts';
import { CHECKUPS } from './checkups.ts';
import { clockLine, skewOf, type Skew } from './clock.ts';
import { failed, worst } from './lines.ts';
import { networkLines, START_SIMULATOR } from './network.ts';
import { sessionLines } from './session.ts';

/** Leaving politely must not keep anybody waiting. */
const LOGOUT_MS = 3_000;
/** Before these have passed, nothing has answered. */
const ON_THE_WAY: ReadonlySet<DoctorCheck> = new Set(['config', 'dns', 'tcp', 'http']);

/** The simulator's time runs faster than ours, so that a drill takes minutes. */
const SIMULATED_CLOCK: DoctorLine = { check: 'clock', level: 'ok', says: 'simulated time, not compared' };

interface Findings {
  readonly lines: readonly DoctorLine[];
  readonly probe?: ServerProbe;
}

/** Everything about one connection. What fails is a line of it; `noting` hears what is being looked at. */
export async function examineConnection(
  config: Config,
  connection: ConnectionConfig,
  { signal, noting }: CallOptions & { noting: (what: DoctorCheck) => void },
): Promise<DoctorConnection> {
  const { name, kind, url, apiVersion, isSimulator = false } = connection;
  const { lines, probe } = await findingsOf(config, connection, { signal, noting });
  const level = worst(lines.map((line) => line.level));
  const reached = !lines.some((line) => line.level === 'bad' && ON_THE_WAY.has(line.check));
  const certificate = probe?.certificate;
  return {
    name,
    kind,
    ...(url === NO_SIMULATOR ? {} : { url }),
    apiVersion,
    simulator: isSimulator,
    level,
    reached,
    ...(certificate === undefined ? {} : { certificate }),
    lines,
  };
}

async function findingsOf(
  config: Config,
  connection: ConnectionConfig,
  { signal, noting }: CallOptions & { noting: (what: DoctorCheck) => void },
): Promise<Findings> {
  if (connection.url === NO_SIMULATOR) {
    return {
      lines: [{ check: 'config', level: 'bad', says: 'the simulator does not run', now: START_SIMULATOR }],
    };
  }
  noting('secret');
  const missing = await missingSecrets(config, connection);
  let checkup: Checkup;
  try {
    checkup = CHECKUPS[connection.kind].open(config, connection);
  } catch (error) {
    return { lines: [...missing, misconfigured(error)] };
  }
  try {
    noting('dns');
    const probe = await probeServer({ ...serverOptions(config, connection), timeouts: TIMEOUTS }, { signal });
    const way = [...missing, ...networkLines(connection, probe)];
    if (!probe.ok) return { lines: way, probe };
    const session =
      missing.length > 0 ? [] : await sessionLines({ config, connection, checkup }, { signal }, noting);
    const clock =
      connection.isSimulator === true
        ? SIMULATED_CLOCK
        : clockLine(probe.clock ?? (await toldTime(checkup, { signal })));
    return { lines: [...way, ...session, clock], probe };
  } finally {
    await leave(checkup);
  }
}

/** Options that cannot work, or a file that they name and that cannot be read. */
function misconfigured(error: unknown): DoctorLine {
  if (!(error instanceof VeeamError)) return failed('config', error);
  return { check: 'config', level: 'bad', says: error.says, now: 'Correct this connection in muster.yaml.' };
}

/** What a server says with a call of its own, when its answers bear no date. */
async function toldTime(checkup: Checkup, options: CallOptions): Promise<Skew | undefined> {
  if (checkup.time === undefined || checkup.session() === undefined) return undefined;
  const askedAt = Date.now();
  try {
    const told = await checkup.time(options);
    return skewOf(told, { askedAt, answeredAt: Date.now() });
  } catch (error) {
    if (error instanceof VeeamError) return undefined;
    throw error;
  }
}

/** Also when whoever asked has gone: a session that stays open counts against the account's. */
async function leave(checkup: Checkup): Promise<void> {
  try {
    await checkup.logout({ signal: AbortSignal.timeout(LOGOUT_MS) });
  } catch (error) {
    if (!(error instanceof VeeamError)) throw error;
  } finally {
    await checkup.close();
  }
}
