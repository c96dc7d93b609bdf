import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import {
  createVbrClient,
  VBR_API_VERSIONS,
  VeeamError,
  type CallOptions,
  type VbrClient,
} from '../../veeam/index.ts';
import { passwordOf, serverOptions } from '../connections.ts';
import { TIMEOUTS, type Checkup } from './checkup.ts';
import { count, failed, FEWER_SILENTLY, timed } from './lines.ts';

export const vbrCheckup = {
  versions: VBR_API_VERSIONS,
  open(config: Config, connection: ConnectionConfig): Checkup {
    const client = createVbrClient({
      ...serverOptions(config, connection),
      apiVersion: connection.apiVersion as '1.1-rev1',
      credentials: passwordOf(config, connection),
      timeouts: TIMEOUTS,
    });
    return {
      greet: async (options) => {
        const { name, buildVersion } = await client.serverInfo(options);
        return `${name}, build ${buildVersion}`;
      },
      look: async (options) => [...(await replicaLines(client, options)), await readLine(client, options)],
      time: async (options) => (await client.serverTime(options)).serverTime,
      session: () => client.session(),
      logout: (options) => client.logout(options),
      close: () => client.close(),
    };
  },
};

/** VBR does not say which role an account has, only what it refuses. */
async function replicaLines(client: VbrClient, options: CallOptions): Promise<DoctorLine[]> {
  try {
    const { pagination } = await client.replicas.list({ limit: 1 }, options);
    return [
      { check: 'role', level: 'ok', says: 'may read replicas; what else it may do, VBR does not say' },
      { check: 'scope', level: 'ok', says: `${count(pagination.total, 'replica')} seen; ${FEWER_SILENTLY}` },
    ];
  } catch (error) {
    // Refused on this side, nothing was sent: the oldest version has no replicas.
    if (error instanceof VeeamError && error.code === 'veeam.badInput') {
      return [{ check: 'role', level: 'ok', says: 'not known: this version of the API shows no replicas' }];
    }
    return [failed('role', error)];
  }
}

async function readLine(client: VbrClient, options: CallOptions): Promise<DoctorLine> {
  try {
    const { ms } = await timed(() => client.sessions.list({ limit: 1 }, options));
    return { check: 'read', level: 'ok', says: 'lists sessions', ms };
  } catch (error) {
    return failed('read', error);
  }
}
