import { specOf, type InputOf } from '../../src/catalog/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VbrConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';

/** States of a session that is on its way to its end, or there. */
const ENDING = ['Stopping', 'Stopped'];

/** How a session is stopped; one that has ended needs nothing. */
export function stopSessionDriver(connection: VbrConnection, input: CommandInput): CommandDriver {
  const { session } = specOf('vbr.stopSession').input.parse(input.with) as InputOf<'vbr.stopSession'>;
  const { sessions } = connection.client;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const { name, state } = await sessions.get(session);
      const found = {
        target: `${connection.name}/session/${session}`,
        targetName: name,
        baseline: { state },
        stateClass: ENDING.includes(state) ? 'ending' : 'running',
      };
      if (!ENDING.includes(state)) return found;
      return {
        ...found,
        satisfied: { note: `nothing to do: the session is ${state}`, output: { session, state } },
      };
    },
    send: async (_observed, beforeSend) => {
      await sessions.stop(session, { beforeSend });
      return { session, state: 'Stopping' };
    },
    look: async () => {
      const { state } = await sessions.get(session);
      return ENDING.includes(state) ? { saw: 'happened', output: { session, state } } : { saw: 'nothing' };
    },
  };
}
