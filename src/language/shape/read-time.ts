import type { Reporter } from '../diagnostics.ts';
import type { Entry } from '../yaml/tree.ts';
import { readText } from './values.ts';

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** A time of the day, `HH:MM`. */
export function readTime(entry: Entry | undefined, report: Reporter): string | undefined {
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string' && TIME.test(value.value)) {
    return value.value;
  }
  const hint = 'Four digits and a colon, from "00:00" to "23:59".';
  report.add('VALUE', value, `\`${key}\` is a time of the day.`, hint);
  return undefined;
}

/** Whose clocks are meant. */
export function readTimezone(entry: Entry | undefined, report: Reporter): string | undefined {
  const name = entry && readText(entry.value, report, { what: '`timezone`', max: 64 });
  if (name === undefined || isTimezone(name.text)) return name?.text;
  const hint = 'A place of the IANA list, such as Europe/Berlin, or UTC.';
  report.add('VALUE', name.node, `There is no time zone \`${name.text}\`.`, hint);
  return undefined;
}

/** Names only: an offset such as `+01:00` knows no daylight saving. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
