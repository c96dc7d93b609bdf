import { FAILURE_CODES, type StepFailure } from '../../model/failure.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { styled } from './style.ts';

/** More failing VMs than this are counted, not listed: the gate's commands must stay on the screen. */
const MAX_VMS = 10;

/** A failure in full: what it is, what happened, and which machines failed in which step. */
export function failureLines({ code, message, details }: StepFailure): string[] {
  const failed = Array.isArray(details?.['failed']) ? (details['failed'] as readonly Json[]) : [];
  const more = details?.['more'];
  const unlisted = Math.max(0, failed.length - MAX_VMS) + (typeof more === 'number' ? more : 0);
  return [
    `${styled('red', code)}: ${message === '' ? FAILURE_CODES[code] : message}`,
    ...failed.slice(0, MAX_VMS).flatMap(failedVmLine),
    ...(unlisted === 0 ? [] : [`  … and ${unlisted} more`]),
  ];
}

function failedVmLine(failed: Json): string[] {
  if (!isJsonObject(failed)) return [];
  const { group, vm, isCritical, step, info } = failed;
  const word = (value: Json | undefined): string => (typeof value === 'string' ? value : '?');
  const critical = isCritical === true ? ' (critical)' : '';
  return [`  ${styled('bold', word(vm))}${critical} in ${word(group)}, step “${word(step)}”: ${word(info)}`];
}
