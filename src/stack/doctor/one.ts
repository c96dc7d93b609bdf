import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import { createOneClient, ONE_API_VERSIONS, type CallOptions, type OneClient } from '../../veeam/index.ts';
import { passwordOf, serverOptions } from '../connections.ts';
import { TIMEOUTS, type Checkup } from './checkup.ts';
import { count, failed, FEWER_SILENTLY, timed } from './lines.ts';

/** Roles that cannot resolve an alarm. */
const ONLY_READS: ReadonlySet<string> = new Set(['ReadonlyUser', 'ReportViewer', 'DashboardViewer']);

export const oneCheckup = {
  versions: ONE_API_VERSIONS,
  open(config: Config, connection: ConnectionConfig): Checkup {
    const client = createOneClient({
      ...serverOptions(config, connection),
      apiVersion: connection.apiVersion as 'v2.3',
      credentials: passwordOf(config, connection),
      timeouts: TIMEOUTS,
    });
    return {
      greet: async (options) => {
        const { name, machine, version } = await client.about.server(options);
        return `${name ?? machine ?? 'Veeam ONE'}, version ${version ?? 'unknown'}`;
      },
      look: async (options) => [
        roleLine(client.session()?.role),
        await scopeLine(client, options),
        await readLine(client, options),
      ],
      session: () => client.session(),
      logout: (options) => client.logout(options),
      close: () => client.close(),
    };
  },
};

function roleLine(role: string | undefined): DoctorLine {
  if (role === undefined) {
    return { check: 'role', level: 'ok', says: 'not known: the server does not say it' };
  }
  if (!ONLY_READS.has(role)) {
    return { check: 'role', level: 'ok', says: `${role}: may read, and resolve alarms` };
  }
  return {
    check: 'role',
    level: 'warn',
    says: `${role}: it may read, but not resolve alarms (one.resolveAlarms)`,
    now: 'Make the account a Power User or Administrator of Veeam ONE if runbooks shall resolve alarms.',
  };
}

/** Veeam ONE knows only of what it has collected, and shows of that what the account may see. */
async function scopeLine(client: OneClient, options: CallOptions): Promise<DoctorLine> {
  try {
    const { total } = await client.protectedVms.list({ limit: 1 }, options);
    const says = `${count(total, 'protected VM')} seen; ${FEWER_SILENTLY}`;
    if (total > 0) return { check: 'scope', level: 'ok', says };
    const now =
      'Check which objects the account may see in Veeam ONE, and that it has collected data from VBR.';
    return { check: 'scope', level: 'warn', says, now };
  } catch (error) {
    return failed('scope', error);
  }
}

async function readLine(client: OneClient, options: CallOptions): Promise<DoctorLine> {
  try {
    const { value, ms } = await timed(() => client.alarms.list({ limit: 1 }, options));
    return { check: 'read', level: 'ok', says: `lists alarms (${count(value.total, 'alarm')} seen)`, ms };
  } catch (error) {
    return failed('read', error);
  }
}
