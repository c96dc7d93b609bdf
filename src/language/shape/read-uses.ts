import { CATALOG, isActionName, specOf, type ActionName } from '../../catalog/index.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Reporter } from '../diagnostics.ts';
import { didYouMean } from '../suggest.ts';
import { describe, type Entry, type Node } from '../yaml/tree.ts';
import type { UsesDraft } from './draft.ts';
import { notYet, openMap, type Fields } from './fields.ts';
import { readConnectionName } from './names.ts';
import { readBoolean, readDuration, readExpression, readInteger, readJson, readText } from './values.ts';
import { ACCEPT, isLaterAction, RETRY, UNTIL } from './vocabulary.ts';

const MAX_ATTEMPTS = 100;
const DEFAULT_BACKOFF_MS = 10_000;
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
  };
}

function readAction(name: string, node: Node, report: Reporter): ActionName | undefined {
  if (isActionName(name)) return name;
  if (isLaterAction(name)) report.add('NOT_YET', node, notYet(name));
  else {
    const hint = () => didYouMean(name, Object.keys(CATALOG)) ?? '`muster actions` lists them all.';
    report.add('UNKNOWN_ACTION', node, `There is no action \`${name.slice(0, 60)}\`.`, hint);
  }
  return undefined;
}

function readWith(node: Node | undefined, report: Reporter): UsesDraft['with'] {
  if (node === undefined) return {};
  if (node.kind !== 'map') {
    report.add('SHAPE', node, `\`with\` is a map, but this is ${describe(node)}.`);
    return {};
  }
  const json = readJson(node, report);
  return isJsonObject(json) ? json : {};
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

function readRetry(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): UsesDraft['retry'] {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).effect === 'command') {
    const hint = 'A failed command asks a person, who can retry it.';
    report.add('MISPLACED', entry.at, 'A command is sent at most once: it is never retried by itself.', hint);
    return undefined;
  }
  const fields = openMap(entry.value, RETRY, report);
  const attemptsNode = fields?.need('attempts', 'How often it is tried in all.')?.value;
  const backoffNode = fields?.get('backoff')?.value;
  const attempts =
    attemptsNode && readInteger(attemptsNode, report, { what: '`attempts`', min: 2, max: MAX_ATTEMPTS });
  const backoffMs = backoffNode ? readDuration(backoffNode, report, '`backoff`') : DEFAULT_BACKOFF_MS;
  return attempts === undefined || backoffMs === undefined ? undefined : { attempts, backoffMs };
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
