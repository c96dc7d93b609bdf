import { isJsonObject } from '../../model/json.ts';
import type { Reporter } from '../diagnostics.ts';
import { describe, type Node } from '../yaml/tree.ts';
import type { RunbookDraft } from './draft.ts';
import type { Fields } from './fields.ts';
import { isRunbookName } from './names.ts';
import { readJson, readText } from './values.ts';

/** Reads a step that runs another runbook; which one that is, is looked up later. */
export function readChild(value: Node, fields: Fields, report: Reporter): RunbookDraft | { kind: 'broken' } {
  const runbook = readText(value, report, { what: '`runbook`' });
  if (runbook === undefined) return { kind: 'broken' };
  if (!isRunbookName(runbook.text)) {
    const hint = 'The name of a runbook whose file stands beside this one: runbook: erp-failover.';
    report.add('ID', value, `\`${runbook.text.slice(0, 60)}\` is no name of a runbook.`, hint);
    return { kind: 'broken' };
  }
  const withNode = fields.get('with')?.value;
  return {
    kind: 'runbook',
    runbook,
    with: readWith(withNode, report),
    ...(withNode === undefined ? {} : { withNode }),
  };
}

/** The values that an action or a runbook is given. */
export function readWith(node: Node | undefined, report: Reporter): RunbookDraft['with'] {
  if (node === undefined) return {};
  if (node.kind !== 'map') {
    report.add('SHAPE', node, `\`with\` is a map, but this is ${describe(node)}.`);
    return {};
  }
  const json = readJson(node, report);
  return isJsonObject(json) ? json : {};
}
