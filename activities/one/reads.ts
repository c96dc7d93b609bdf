import type { ReadsOf } from '../read.ts';
import { alarmInfoOf, openAlarms } from './alarms.ts';
import { checkRpo } from './check-rpo.ts';

/** What can be asked of Veeam ONE. */
export const ONE_READS: ReadsOf<'one'> = {
  'one.checkRpo': (deps, input, { connection, signal }) =>
    checkRpo(deps, deps.one(connection), input, signal),
  'one.openAlarms': (deps, input, { connection, signal }) => openAlarms(deps.one(connection), input, signal),
  'one.alarm': async (deps, { alarm }, { connection, signal }) =>
    alarmInfoOf(await deps.one(connection).client.alarms.get(alarm, { signal })),
};
