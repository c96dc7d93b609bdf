import { CATALOG, isActionName, specOf, type ActionName } from '../../catalog/index.ts';
import type { Reporter } from '../diagnostics.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { RollbackDraft, UsesDraft } from './draft.ts';
import { openMap, type Fields } from './fields.ts';
import { readConnectionName } from './names.ts';
import { readWith } from './read-child.ts';
import { readRetry } from './read-retry.ts';
import { readBoolean, readDuration, readExpression, readText } from './values.ts';
import { ACCEPT, ROLLBACK, UNTIL } from './vocabulary.ts';

const MAX_TITLE_LENGTH = 200;
/** How often a read is repeated when the runbook does not say. */
const DEFAULT_EVERY_MS = 10_000;

/** Reads a step that uses an action; whether its `with` fits the action is checked later. */
export function readUses(value: Node, fields: Fields, report: Reporter): UsesDraft | { kind: 'broken' } {
  const uses = readText(value, report, { what: '`uses`' });
  if (uses === undefined) return { kind: 'broken' };
  const action = readAction(uses.text, value, report);
  const connection = readConnection(fields.get('connection'), action, report);
  const withNode = fields.get('with')?.value;
  const timeoutMs = readTimeout(fields.get('timeout'), action, report);
  const retry = readRetry(fields.get('retry'), action, report);
  const until = readUntil(fields.get('until'), action, report);
  const accept = readAccept(fields.get('accept'), action, report);
  const settle = readSettle(fields.get('settle'), action, report);
  const rollback = readRollback(fields.get('rollback'), action, report);
  return {
    kind: 'uses',
    uses,
    with: readWith(withNode, report),
    ...(withNode === undefined ? {} : { withNode }),
    ...(action === undefined ? {} : { action }),
    ...(connection === undefined ? {} : { connection }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retry === undefined ? {} : { retry }),
    ...(until === undefined ? {} : { until }),
    ...(accept === undefined ? {} : { accept }),
    ...(settle === undefined ? {} : { settle }),
    ...(rollback === undefined ? {} : { rollback }),
  };
}

function readAction(name: string, node: Node, report: Reporter): ActionName | undefined {
  if (isActionName(name)) return name;
  const hint = () => didYouMean(name, Object.keys(CATALOG)) ?? '`muster actions` lists them all.';
  report.add('UNKNOWN_ACTION', node, `There is no action \`${name.slice(0, 60)}\`.`, hint);
  return undefined;
}

function readConnection(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): string | undefined {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).system === undefined) {
    report.add('MISPLACED', entry.at, `\`${action}\` uses no connection.`, 'Delete the line.');
    return undefined;
  }
  return readConnectionName(entry.value, report);
}

function readTimeout(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): number | undefined {
  if (entry === undefined) return undefined;
  const { effect, settlesBy } = action === undefined ? {} : specOf(action);
  if (effect === 'command' && settlesBy === undefined) {
    const hint = 'It is sent once and answers at once; delete the line.';
    report.add(
      'MISPLACED',
      entry.at,
      `\`${action ?? ''}\` is not watched, so there is nothing to time.`,
      hint,
    );
    return undefined;
  }
  return readDuration(entry.value, report, '`timeout`');
}

function readUntil(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): UsesDraft['until'] {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).effect !== 'read') {
    const hint =
      specOf(action).effect === 'watch' ? 'A watch repeats by itself.' : 'Read in a step of its own.';
    report.add('MISPLACED', entry.at, `\`until\` repeats reads, and \`${action}\` is none.`, hint);
    return undefined;
  }
  const fields = openMap(entry.value, UNTIL, report);
  const withinNode = fields?.need('within', 'When to give up: 15m.')?.value;
  const everyNode = fields?.get('every')?.value;
  const ifNode = fields?.get('if')?.value;
  const withinMs = withinNode && readDuration(withinNode, report, '`within`');
  const everyMs = everyNode ? readDuration(everyNode, report, '`every`') : DEFAULT_EVERY_MS;
  const condition = ifNode && readExpression(ifNode, report, '`until.if`');
  if (withinMs === undefined || everyMs === undefined) return undefined;
  return { withinMs, everyMs, ...(condition && { if: condition }) };
}

function readAccept(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): UsesDraft['accept'] {
  if (entry === undefined) return undefined;
  const { effect, settlesBy } = action === undefined ? {} : specOf(action);
  if (effect === 'command' && settlesBy === undefined) {
    const message = `\`${action ?? ''}\` is not watched: it is done or it fails, and there is nothing to accept.`;
    report.add('MISPLACED', entry.at, message, 'Delete the line.');
    return undefined;
  }
  if (effect === 'notify') {
    const message = `\`${action ?? ''}\` never fails, so there is nothing to accept.`;
    report.add('MISPLACED', entry.at, message, 'Delete the line.');
    return undefined;
  }
  const fields = openMap(entry.value, ACCEPT, report);
  const warningsNode = fields?.get('warnings')?.value;
  const ifNode = fields?.get('if')?.value;
  if (fields !== undefined && warningsNode === undefined && ifNode === undefined) {
    report.add('REQUIRED', entry.at, '`accept` says nothing.', 'Give it `warnings`, `if`, or both.');
  }
  const warnings = warningsNode ? readBoolean(warningsNode, report, '`warnings`') : true;
  const condition = ifNode && readExpression(ifNode, report, '`accept.if`');
  if (warnings === undefined) return undefined;
  return { warnings, ...(condition && { if: condition }) };
}

/** `false` is all that has to be said; whatever is watched by itself is watched unless this is said. */
function readSettle(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): false | undefined {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).settlesBy === undefined) {
    report.add('MISPLACED', entry.at, `\`${action}\` is not watched anyway.`, 'Delete the line.');
    return undefined;
  }
  return readBoolean(entry.value, report, '`settle`') === false ? false : undefined;
}

/** What takes back what the step did: a command, with its own values. */
function readRollback(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): RollbackDraft | undefined {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).effect !== 'command') {
    const message = `\`${action}\` changes nothing, so there is nothing to take back.`;
    report.add('MISPLACED', entry.at, message, 'Delete the line.');
    return undefined;
  }
  const fields = openMap(entry.value, ROLLBACK, report);
  const uses = fields?.need('uses', 'The action that takes it back: uses: vro.undo.');
  if (fields === undefined || uses === undefined) return undefined;
  const body = readUses(uses.value, fields, report);
  if (body.kind === 'broken') return undefined;
  if (body.action !== undefined && specOf(body.action).effect !== 'command') {
    const message = `\`${body.action}\` changes nothing, so it takes nothing back.`;
    report.add('VALUE', uses.value, message, 'Name a command, such as vro.undo.');
  }
  const title = fields.get('title')?.value;
  const text = title && readText(title, report, { what: '`title`', max: MAX_TITLE_LENGTH, templates: true });
  return { at: entry.at, ...(text && { title: text }), body };
}
