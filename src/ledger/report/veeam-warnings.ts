import { isJsonObject, textOf, type Json, type JsonObject } from '../../model/json.ts';
import type { StepRecord } from '../../model/run.ts';
import type { VeeamWarning } from './report-types.ts';

/** Every complaint of the Veeam servers that a run has kept, in the order of the runbook, critical ones first within a step. */
export function veeamWarningsOf(steps: readonly StepRecord[]): VeeamWarning[] {
  return steps.flatMap((step) => {
    const system = systemOf(step);
    if (system === undefined) return [];
    const facts = [step.failure?.details, step.output].filter((one) => one !== undefined);
    const found = distinct(facts.flatMap((one) => warningsIn(one, { path: step.path, system })));
    return found.sort((a, b) => Number(b.isCritical) - Number(a.isCritical));
  });
}

function systemOf({ uses }: StepRecord): VeeamWarning['system'] | undefined {
  const system = uses?.split('.')[0];
  return system === 'vro' || system === 'vbr' || system === 'one' ? system : undefined;
}

type Place = Pick<VeeamWarning, 'path' | 'system'>;

function warningsIn(facts: JsonObject, place: Place): VeeamWarning[] {
  const failed = objectsOf(facts['failed']).map((one) => ofMachine(one, place));
  const alarms = objectsOf(facts['alarms']).map((one) => ofAlarm(one, place));
  const more = facts['more'];
  const unlisted =
    typeof more === 'number' && more > 0 && failed.length + alarms.length > 0
      ? [{ ...place, where: [], isCritical: false, says: `${more} more are not listed here.` }]
      : [];
  return [...failed, ...alarms, ...unlisted, ...counted(facts, place)];
}

/** A machine of a plan, a replica, or a machine that misses its objective. */
function ofMachine(one: JsonObject, place: Place): VeeamWarning {
  const where = ['group', 'vm', 'replica', 'step'].flatMap((key) => textOf(one[key]) ?? []);
  const age = one['ageMinutes'];
  const newest = textOf(one['newest']);
  const says =
    textOf(one['info']) ??
    (newest === undefined
      ? 'There is no restore point.'
      : `The newest restore point is of ${newest}${typeof age === 'number' ? `, ${age} minutes old` : ''}.`);
  return {
    ...place,
    where: where.filter((part) => part !== ''),
    isCritical: one['isCritical'] === true,
    says,
  };
}

function ofAlarm(one: JsonObject, place: Place): VeeamWarning {
  const where = ['object', 'name'].flatMap((key) => textOf(one[key]) ?? []);
  const says = [textOf(one['status']), textOf(one['description'])].filter((part) => part !== undefined);
  return { ...place, where, isCritical: one['status'] === 'Error', says: says.join(': ') };
}

/** Machines that ended with warnings are counted by VRO and VBR, not listed. */
function counted(facts: JsonObject, place: Place): VeeamWarning[] {
  const counts = facts['counts'];
  const warnings = isJsonObject(counts) && facts['alarms'] === undefined ? counts['warnings'] : undefined;
  if (typeof warnings !== 'number' || warnings === 0) return [];
  const words = textOf(facts['resultName']);
  const said = words === undefined || words === '' ? '' : ` The server says: ${words}.`;
  const who = warnings === 1 ? '1 machine' : `${warnings} machines`;
  return [{ ...place, where: [], isCritical: false, says: `${who} ended with warnings.${said}` }];
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

/** A failure that was accepted stands in the failure and in the output. */
function distinct(warnings: readonly VeeamWarning[]): VeeamWarning[] {
  const seen = new Set<string>();
  return warnings.filter((warning) => {
    const key = JSON.stringify([warning.where, warning.says]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
