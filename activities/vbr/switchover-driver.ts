import { specOf, type InputOf } from '../../src/catalog/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VbrConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';
import { StepError } from '../step-error.ts';
import { failbackMode } from './replica-commands.ts';
import { replicasTarget } from './replica-driver.ts';
import { findReplicas } from './replicas.ts';

const OPERATION = 'ChangeReplicaFailbackSwitchoverTime';

/**
 * How the time of a switchover is changed. VBR shows that time nowhere: after an unclear answer nothing can be seen, and
 * a person is asked. Saying it again does no harm.
 */
export function switchoverTimeDriver(connection: VbrConnection, input: CommandInput): CommandDriver {
  const { replicas, switchover } = specOf('vbr.changeSwitchoverTime').input.parse(
    input.with,
  ) as InputOf<'vbr.changeSwitchoverTime'>;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const found = await findReplicas(connection, replicas);
      const chosen = found.map(({ points }) =>
        points.find(({ allowedOperations }) => allowedOperations.some((allowed) => allowed === OPERATION)),
      );
      const observed = {
        target: replicasTarget(connection, found),
        targetName: found.map(({ name }) => name).join(', '),
        members: found.map(({ id, name }) => ({ target: `${connection.name}/replica/${id}`, name })),
        stateClass: found.map(({ id, state }) => `${id} ${state}`).join(', '),
        baseline: { points: chosen.map((point) => point?.id ?? '') },
      };
      const refused = found.find((_replica, index) => chosen[index] === undefined);
      if (refused === undefined) return observed;
      return {
        ...observed,
        illegal: new StepError(
          'vbr.illegalState',
          `${refused.name} is in state ${refused.state}, in which there is no switchover to move. Nothing was sent.`,
        ),
      };
    },
    send: async ({ baseline }, beforeSend) => {
      const replicaPointIds = (Array.isArray(baseline['points']) ? baseline['points'] : []).map(String);
      await connection.client.failback.changeSwitchoverTime(
        { replicaPointIds, failbackMode: failbackMode(switchover) },
        { beforeSend },
      );
      return { replicas: [...replicas], switchover };
    },
    look: async () => ({ saw: 'nothing' }),
  };
}
