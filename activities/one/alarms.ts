import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { OneFilter, TriggeredAlarm } from '../../src/veeam/index.ts';
import { oneQuery } from '../../src/veeam/index.ts';
import type { OneConnection } from '../deps.ts';
import { MAX_LISTED, shortName, shortText } from '../read.ts';
import { StepError } from '../step-error.ts';
import { assertWhole } from './assert-whole.ts';

/** With more open alarms than these an estate has other troubles, and nobody reads a list of them. */
const MAX_ALARMS = 5_000;

type Severity = InputOf<'one.openAlarms'>['severity'];

/** The worst first. */
const SEVERITIES = ['Error', 'Warning', 'Information'] as const satisfies readonly Severity[];

/**
 * The alarms that nobody has resolved or acknowledged, the worst first, of those the newest.
 *
 * @throws StepError `veeam.tooLarge`; `check.failed` with the whole finding in its details, where none is expected
 */
export async function openAlarms(
  { client, name }: OneConnection,
  { objects, nameContains, severity, expectNone }: InputOf<'one.openAlarms'>,
  signal: AbortSignal,
): Promise<OutputOf<'one.openAlarms'>> {
  const listed = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
  const conditions: OneFilter[] = [oneQuery.where('status').in(listed)];
  if (nameContains !== undefined) conditions.push(oneQuery.where('name').contains(nameContains));
  const found = await client.alarms.all(
    { filter: oneQuery.and(...conditions) },
    { signal, limit: MAX_ALARMS },
  );
  assertWhole(name, found);
  const wanted = objects?.map((object) => object.toLowerCase());
  const alarms = found.data
    .filter(({ alarmSource }) => wanted?.includes((alarmSource?.objectName ?? '').toLowerCase()) ?? true)
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.triggeredTime) - Date.parse(a.triggeredTime));
  const having = (status: Severity): number => alarms.filter((alarm) => alarm.status === status).length;
  const shown = alarms.slice(0, MAX_LISTED).map(alarmInfoOf);
  const finding: OutputOf<'one.openAlarms'> = {
    counts: { errors: having('Error'), warnings: having('Warning'), information: having('Information') },
    alarms: shown,
    more: alarms.length - shown.length,
  };
  const [worst] = shown;
  if (!expectNone || worst === undefined) return finding;
  throw new StepError(
    'check.failed',
    `Open alarms in ${name}: ${alarms.length}. The worst is "${worst.name}" of ${worst.object}, since ${worst.since}.`,
    { details: { ...finding } },
  );
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
