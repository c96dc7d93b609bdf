import { specOf, type InputOf } from '../../src/catalog/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VbrConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';
import { replicasTarget, sessionsOutput } from './replica-driver.ts';
import { findReplicas } from './replicas.ts';
import { markIn, markSessions, sessionsSince } from './sessions-since.ts';

const SESSION_TYPE = 'ConfigurationResynchronize';

/** How replicas are rescanned: one session for all of them, whose name says nothing of them. */
export function rescanDriver(connection: VbrConnection, input: CommandInput): CommandDriver {
  const { replicas } = specOf('vbr.rescanReplicas').input.parse(input.with) as InputOf<'vbr.rescanReplicas'>;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const [found, mark] = await Promise.all([
        findReplicas(connection, replicas),
        markSessions(connection, SESSION_TYPE),
      ]);
      return {
        target: replicasTarget(connection, found),
        targetName: found.map(({ name }) => name).join(', '),
        baseline: { mark: { ...mark }, replicas: found.map(({ id }) => id) },
        stateClass: 'rescan',
      };
    },
    send: async ({ baseline }, beforeSend) => {
      const ids = (Array.isArray(baseline['replicas']) ? baseline['replicas'] : []).map(String);
      return sessionsOutput([await connection.client.replicas.rescan(ids, { beforeSend })]);
    },
    look: async (baseline) => {
      const fresh = await sessionsSince(connection, SESSION_TYPE, markIn(baseline));
      if (fresh.length === 0) return { saw: 'nothing' };
      if (fresh.length === 1) return { saw: 'happened', output: sessionsOutput(fresh) };
      return { saw: 'strange', what: `${fresh.length} new rescans, of which one may be ours` };
    },
  };
}
