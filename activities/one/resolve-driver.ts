import { specOf, type InputOf } from '../../src/catalog/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { VeeamError } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { OneConnection } from '../deps.ts';
import type { CommandDriver } from '../effects/driver.ts';
import { inChunks } from '../in-chunks.ts';

/** Alarms read at once. */
const AT_ONCE = 8;
/** Where each answer leaves an alarm. */
const LEADS_TO = {
  resolve: ['Resolved', 'Remediated', 'gone'],
  acknowledge: ['Acknowledged', 'Resolved', 'Remediated', 'gone'],
} as const;
const RESOLVE_TYPE = { resolve: 'Resolve', acknowledge: 'Acknowledge' } as const;

/** How alarms are resolved or acknowledged; those that are so already, or gone, need nothing. */
export function resolveDriver(connection: OneConnection, input: CommandInput): CommandDriver {
  const { alarms, how, comment } = specOf('one.resolveAlarms').input.parse(
    input.with,
  ) as InputOf<'one.resolveAlarms'>;
  const ids = [...new Set(alarms)].sort((a, b) => a - b);
  const goal: readonly string[] = LEADS_TO[how];
  const open = async (): Promise<number[]> => {
    const states = await inChunks(ids, AT_ONCE, (id) => statusOf(connection, id));
    return ids.filter((_id, index) => !goal.includes(states[index] ?? ''));
  };
  const output = { alarms: ids, how };
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const left = await open();
      const found = {
        target: `${connection.name}/alarm/${ids.join('+')}`,
        targetName: ids.join(', '),
        baseline: { open: left },
        stateClass: left.join(', '),
      };
      if (left.length > 0) return found;
      return { ...found, satisfied: { note: 'nothing to do: the alarms are closed already', output } };
    },
    send: async ({ baseline }, beforeSend) => {
      const request = { triggeredAlarmIds: openIn(baseline), comment, resolveType: RESOLVE_TYPE[how] };
      await connection.client.alarms.resolve(request, { beforeSend });
      return output;
    },
    look: async (baseline) => {
      const left = await open();
      const asked = openIn(baseline);
      if (left.length === 0) return { saw: 'happened', output };
      if (left.length >= asked.length) return { saw: 'nothing' };
      return { saw: 'strange', what: `${left.length} of ${asked.length} alarms are still open` };
    },
  };
}

/** The alarms that were open before the command. */
function openIn({ open }: JsonObject): number[] {
  return Array.isArray(open) ? open.map(Number) : [];
}

async function statusOf({ client }: OneConnection, id: number): Promise<string> {
  try {
    return (await client.alarms.get(id)).status;
  } catch (error) {
    if (error instanceof VeeamError && error.code === 'veeam.notFound') return 'gone';
    throw error;
  }
}
