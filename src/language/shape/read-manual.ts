import type { FieldSpec, ManualStep, ScalarType } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import { describe, type Entry, type Node } from '../yaml/tree.ts';
import type { ManualDraft } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { checkName } from './names.ts';
import { readEscalate } from './read-escalate.ts';
import { readPattern } from './read-input.ts';
import { readBoolean, readDuration, readText, readWord } from './values.ts';
import { ANSWER_WORDS, ITEM_WORDS, MANUAL, MANUAL_FIELD, MANUAL_TIMEOUT_WORDS } from './vocabulary.ts';

/** Who answers when the runbook does not say. */
const DEFAULT_BY = ['operator'];
/** The answers when the runbook does not say. */
const DEFAULT_ANSWERS: ManualStep['answers'] = { done: 'succeeded', failed: 'failed' };
/** More fields or answers than this are a form, not a step. */
const MAX_FIELDS = 20;
const MAX_ANSWERS = 10;
const MAX_ROLE_LENGTH = 100;
/** What the output has beside the fields. */
const TAKEN: ReadonlySet<string> = new Set(['answer', 'person', 'comment']);

/** Reads a step that people do. */
export function readManual(value: Node, step: Fields, report: Reporter): ManualDraft {
  const fields = openMap(value, MANUAL, report);
  const title = fields?.get('title');
  if (title !== undefined && step.get('title') !== undefined) {
    report.add('MISPLACED', title.at, 'The step has a title already.', 'Keep one of the two.');
  }
  const titleText = title && readText(title.value, report, { what: '`title`', max: 200, templates: true });
  const instructions = fields?.get('instructions')?.value;
  const text = instructions && readText(instructions, report, { what: '`instructions`', templates: true });
  const timeout = fields?.get('timeout');
  const timeoutMs = timeout && readDuration(timeout.value, report, '`timeout`');
  const onTimeout = fields?.get('onTimeout')?.value;
  const escalate = readEscalate(fields?.get('escalate'), timeoutMs, report);
  return {
    kind: 'manual',
    ...(titleText && { title: titleText }),
    ...(text && { instructions: text }),
    by: readRoles(fields?.get('by'), report) ?? DEFAULT_BY,
    fields: readFields(fields?.get('fields'), report),
    answers: readAnswers(fields?.get('answers'), report) ?? DEFAULT_ANSWERS,
    ...(escalate.length === 0 ? {} : { escalate }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onTimeout:
      (onTimeout && readWord(onTimeout, report, { what: '`onTimeout`', ...MANUAL_TIMEOUT_WORDS })) ?? 'hold',
  };
}

function readRoles(entry: Entry | undefined, report: Reporter): string[] | undefined {
  const items = entry && openList(entry.value, '`by`', report);
  if (items === undefined || entry === undefined) return undefined;
  if (items.length === 0) {
    report.add('REQUIRED', entry.value, 'Nobody may answer.', 'Name a role: [app-owner].');
  }
  return items.flatMap(
    (item) => readText(item, report, { what: 'A role', max: MAX_ROLE_LENGTH })?.text ?? [],
  );
}

function readFields(entry: Entry | undefined, report: Reporter): ManualDraft['fields'] {
  const named = entriesOf(entry, MAX_FIELDS, report).flatMap(({ key, at, value }) => {
    if (TAKEN.has(key)) {
      report.add('ID', at, `\`${key}\` is in every output of a manual step.`, 'Choose another name.');
      return [];
    }
    const field = readField(value, key, report);
    return checkName(key, at, report) && field !== undefined ? [[key, field] as const] : [];
  });
  return Object.fromEntries(named);
}

/** A type alone, or a map that says more. */
function readField(node: Node, key: string, report: Reporter): FieldSpec | undefined {
  const readType = (value: Node) =>
    readWord<ScalarType>(value, report, { what: `The type of \`${key}\``, ...ITEM_WORDS });
  if (node.kind !== 'map') {
    const type = readType(node);
    return type && { type };
  }
  const fields = openMap(node, MANUAL_FIELD, report);
  const typeNode = fields?.need('type', `One of ${ITEM_WORDS.words.join(', ')}.`)?.value;
  const type = typeNode && readType(typeNode);
  if (fields === undefined || type === undefined) return undefined;
  const about = fields.get('description')?.value;
  const description = about && readText(about, report, { what: '`description`' })?.text;
  const pattern = readPattern(fields.get('pattern')?.value, type, report);
  const optional = fields.get('optional')?.value;
  const isOptional = optional !== undefined && readBoolean(optional, report, '`optional`') === true;
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(isOptional ? { optional: true } : {}),
  };
}

function readAnswers(entry: Entry | undefined, report: Reporter): ManualStep['answers'] | undefined {
  if (entry === undefined) return undefined;
  const answers = entriesOf(entry, MAX_ANSWERS, report).flatMap(({ key, at, value }) => {
    const outcome = readWord(value, report, { what: `What \`${key}\` means`, ...ANSWER_WORDS });
    return checkName(key, at, report) && outcome !== undefined ? [[key, outcome] as const] : [];
  });
  if (entry.value.kind === 'map' && entry.value.entries.size === 0) {
    report.add('REQUIRED', entry.value, 'There is no answer.', 'Leave `answers` out for done and failed.');
  }
  return Object.fromEntries(answers);
}

/** The entries of a map whose keys the author chooses. */
function entriesOf(entry: Entry | undefined, max: number, report: Reporter): readonly Entry[] {
  if (entry === undefined) return [];
  const { key, value } = entry;
  if (value.kind !== 'map') {
    report.add('SHAPE', value, `\`${key}\` is a map, but this is ${describe(value)}.`);
    return [];
  }
  if (value.entries.size > max) report.add('COUNT', value, `\`${key}\` has at most ${max} entries.`);
  return [...value.entries.values()];
}
