import type { ApprovalRule } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { ApprovalDraft } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { readDuration, readInteger, readText, readWord, type Text } from './values.ts';
import { APPROVAL, EXCLUDE_WORDS, ON_TIMEOUT_WORDS, RULE } from './vocabulary.ts';

/** More people than this never answer in time. */
const MAX_COUNT = 20;
const MAX_NAME_LENGTH = 100;

/** Reads an approval; the ids it covers become paths later. */
export function readApproval(value: Node, step: Fields, report: Reporter): ApprovalDraft {
  const fields = openMap(value, APPROVAL, report);
  const title = fields?.get('title');
  if (title !== undefined && step.get('title') !== undefined) {
    report.add('MISPLACED', title.at, 'The step has a title already.', 'Keep one of the two.');
  }
  const titleText = title && readText(title.value, report, { what: '`title`', max: 200, templates: true });
  const rulesEntry = fields?.need('rules', 'Who must say yes: [{ role: dr-manager, count: 1 }].');
  const timeout = fields?.get('timeout');
  const timeoutMs = timeout && readDuration(timeout.value, report, '`timeout`');
  const onTimeout = fields?.get('onTimeout');
  return {
    kind: 'approval',
    ...(titleText && { title: titleText }),
    covers: readTexts(fields?.get('covers'), report),
    rules: rulesEntry === undefined ? [] : readRules(rulesEntry.value, report),
    exclude: readExclude(fields?.get('exclude'), report),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onTimeout:
      (onTimeout && readWord(onTimeout.value, report, { what: '`onTimeout`', ...ON_TIMEOUT_WORDS })) ??
      'hold',
  };
}

function readTexts(entry: Entry | undefined, report: Reporter): Text[] {
  const items = entry && openList(entry.value, `\`${entry.key}\``, report);
  return (items ?? []).flatMap(
    (item) =>
      readText(item, report, { what: `An item of \`${entry?.key ?? ''}\``, max: MAX_NAME_LENGTH }) ?? [],
  );
}

function readExclude(entry: Entry | undefined, report: Reporter): ApprovalDraft['exclude'] {
  const items = entry && openList(entry.value, '`exclude`', report);
  return (items ?? []).flatMap(
    (item) => readWord(item, report, { what: '`exclude`', ...EXCLUDE_WORDS }) ?? [],
  );
}

function readRules(node: Node, report: Reporter): ApprovalRule[] {
  const items = openList(node, '`rules`', report);
  if (items?.length === 0) report.add('REQUIRED', node, 'An approval without rules asks nobody.');
  return (items ?? []).flatMap((item) => readRule(item, report) ?? []);
}

function readRule(node: Node, report: Reporter): ApprovalRule | undefined {
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
