import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { OneFilter, TriggeredAlarm } from '../../src/veeam/index.ts';
import { oneQuery } from '../../src/veeam/index.ts';
import type { OneConnection } from '../deps.ts';
import { MAX_LISTED, shortName, shortText } from '../read.ts';

/** Alarms are read up to this many; beyond, an estate has other troubles. */
const MAX_ALARMS = 5_000;

type Severity = InputOf<'one.openAlarms'>['severity'];

/** The worst first. */
const SEVERITIES = ['Error', 'Warning', 'Information'] as const satisfies readonly Severity[];

/** The alarms that nobody has resolved or acknowledged, the worst first, of those the newest. */
export async function openAlarms(
  { client }: OneConnection,
  { objects, nameContains, severity }: InputOf<'one.openAlarms'>,
  signal: AbortSignal,
): Promise<OutputOf<'one.openAlarms'>> {
  const listed = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
  const conditions: OneFilter[] = [oneQuery.where('status').in(listed)];
  if (nameContains !== undefined) conditions.push(oneQuery.where('name').contains(nameContains));
  const { data } = await client.alarms.all(
    { filter: oneQuery.and(...conditions) },
    { signal, limit: MAX_ALARMS },
  );
  const wanted = objects?.map((name) => name.toLowerCase());
  const alarms = data
    .filter(({ alarmSource }) => wanted?.includes((alarmSource?.objectName ?? '').toLowerCase()) ?? true)
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.triggeredTime) - Date.parse(a.triggeredTime));
  const having = (status: Severity): number => alarms.filter((alarm) => alarm.status === status).length;
  const shown = alarms.slice(0, MAX_LISTED).map(alarmInfoOf);
  return {
    counts: { errors: having('Error'), warnings: having('Warning'), information: having('Information') },
    alarms: shown,
    more: alarms.length - shown.length,
  };
}

/** An alarm as a run may see it. */
export function alarmInfoOf(alarm: TriggeredAlarm): OutputOf<'one.alarm'> {
  const { triggeredAlarmId, name, status, alarmSource, triggeredTime, description } = alarm;
  return {
    id: triggeredAlarmId,
    name: shortName(name ?? ''),
    status,
    object: shortName(alarmSource?.objectName ?? ''),
    objectType: alarmSource?.objectType ?? '',
    since: triggeredTime,
    description: shortText(description ?? ''),
  };
}

function rank({ status }: TriggeredAlarm): number {
  return SEVERITIES.findIndex((severity) => severity === status);
}
