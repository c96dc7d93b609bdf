import type { ApprovalRule } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { readInteger, readText, type Text } from './values.ts';
import { RULE } from './vocabulary.ts';

/** More people than this never answer in time. */
const MAX_COUNT = 20;
/** The longest name of a role, a person or a step. */
export const MAX_NAME_LENGTH = 100;

/** Reads who must say yes. */
export function readRules(node: Node, report: Reporter): ApprovalRule[] {
  const items = openList(node, '`rules`', report);
  if (items?.length === 0) report.add('REQUIRED', node, 'An approval without rules asks nobody.');
  return (items ?? []).flatMap((item) => readRule(item, report) ?? []);
}

/** Reads how many of whom. */
export function readRule(node: Node, report: Reporter): ApprovalRule | undefined {
  const fields = openMap(node, RULE, report);
  if (fields === undefined) return undefined;
  const role = fields.get('role');
  const people = fields.get('people');
  const countEntry = fields.need('count', 'How many people must say yes: count: 1.');
  const count =
    countEntry && readInteger(countEntry.value, report, { what: '`count`', min: 1, max: MAX_COUNT });
  if ((role === undefined) === (people === undefined)) {
    const message = 'A rule names a role, or people: one of the two.';
    report.add(role === undefined ? 'REQUIRED' : 'MISPLACED', people?.at ?? fields.at, message);
    return undefined;
  }
  if (role !== undefined) {
    const name = readText(role.value, report, { what: '`role`', max: MAX_NAME_LENGTH })?.text;
    return name === undefined || count === undefined ? undefined : { role: name, count };
  }
  const names = [...new Set(readTexts(people, report).map(({ text }) => text))];
  if (count !== undefined && names.length < count) {
    const message = `The rule asks for ${count} of ${names.length} people.`;
    report.add('ROLE_UNSATISFIABLE', people?.at ?? fields.at, message, 'Name more people, or ask for fewer.');
  }
  return count === undefined ? undefined : { people: names, count };
}

/** Reads a list of names. */
export function readTexts(entry: Entry | undefined, report: Reporter): Text[] {
  const items = entry && openList(entry.value, `\`${entry.key}\``, report);
  return (items ?? []).flatMap(
    (item) =>
      readText(item, report, { what: `An item of \`${entry?.key ?? ''}\``, max: MAX_NAME_LENGTH }) ?? [],
  );
}
