import type { DoctorConnection, DoctorLevel, DoctorLine, DoctorReport } from '../doctor-report.ts';
import { glyphOf } from './marks.ts';
import { padded, styled } from './style.ts';

const GLYPH = { ok: 'succeeded', warn: 'warned', bad: 'failed' } as const;
const PRODUCT = { vro: 'VRO', vbr: 'VBR', one: 'Veeam ONE' } as const;
/** As wide as `temporal`, the longest name of a check. */
const CHECK_COLUMNS = 8;
/** Up to where the finding begins: advice stands below it. */
const INDENT = ' '.repeat(CHECK_COLUMNS + 6);

/** Told apart by shape as well as by colour. */
const sign = (level: DoctorLevel): string => glyphOf(GLYPH[level]);

/** What the doctor found, and in the last line what it comes to. `report` is inert already. */
export function doctorLines({ connections, own, level }: DoctorReport): string[] {
  return [
    ...connections.flatMap((one) => [heading(one), ...one.lines.flatMap(findingLines), '']),
    ...(own.length === 0 ? [] : [styled('bold', 'muster itself'), ...own.flatMap(findingLines), '']),
    `${sign(level)} ${summary(connections, own)}`,
  ];
}

function heading({ name, kind, apiVersion, simulator, url }: DoctorConnection): string {
  const place = [...(simulator ? ['the simulator'] : []), ...(url === undefined ? [] : [url])].join(' at ');
  return `${styled('bold', name)}  ${PRODUCT[kind]} ${apiVersion}, ${place}`;
}

function findingLines({ check, level, says, now, ms }: DoctorLine): string[] {
  const took = ms === undefined ? '' : styled('dim', `  ${ms} ms`);
  return [
    `  ${sign(level)} ${padded(check, CHECK_COLUMNS)}  ${says}${took}`,
    ...(now === undefined ? [] : [`${INDENT}now: ${now}`]),
  ];
}

function summary(connections: DoctorReport['connections'], own: DoctorReport['own']): string {
  const warnings = [...connections.flatMap(({ lines }) => lines), ...own].filter(isA('warn')).length;
  const bad = [
    ...connections.filter(isA('bad')).map(({ name }) => name),
    ...own.filter(isA('bad')).map(({ check }) => check),
  ];
  const verdict = bad.length === 0 ? 'nothing is bad' : `muster cannot work with ${bad.join(', ')}`;
  return `${counted(connections.length, 'connection')} examined: ${verdict}; ${counted(warnings, 'warning')}.`;
}

function isA(level: DoctorLevel) {
  return (one: { readonly level: DoctorLevel }): boolean => one.level === level;
}

function counted(number: number, thing: string): string {
  return `${number === 0 ? 'no' : number} ${thing}${number === 1 ? '' : 's'}`;
}
