import { MAX_LOOP_CONCURRENCY } from '../../model/loop.ts';
import { isLoneTemplate } from '../../model/template.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { ForEachDraft } from './draft.ts';
import { openMap } from './fields.ts';
import { checkName } from './names.ts';
import { readInteger, readText, readWord } from './values.ts';
import { FAILURES_WORDS, FOR_EACH } from './vocabulary.ts';

/** What expressions call something else by. */
const TAKEN: ReadonlySet<string> = new Set(['inputs', 'vars', 'steps', 'run', 'output']);

/** Reads what a loop goes over, and how. */
export function readForEach(node: Node, report: Reporter): Omit<ForEachDraft, 'kind' | 'children'> {
  const fields = openMap(node, FOR_EACH, report);
  const itemsEntry = fields?.need('items', 'The list, e.g. "${{ inputs.agents }}".');
  const asEntry = fields?.need('as', 'What expressions call the item: agent.');
  const keyEntry = fields?.need('key', 'What tells the items apart, e.g. "${{ agent.name }}".');
  const items = itemsEntry && readText(itemsEntry.value, report, { what: '`items`', templates: true });
  if (items !== undefined && !isLoneTemplate(items.text.trim())) {
    const hint = 'A list is an input or a variable: items: "${{ inputs.agents }}".';
    report.add('TYPE', items.node, '`items` is one template that yields a list.', hint);
  }
  const key = keyEntry && readText(keyEntry.value, report, { what: '`key`', templates: true });
  const as = asEntry && readLoopName(asEntry, report);
  const most = fields?.get('maxConcurrency')?.value;
  const range = { what: '`maxConcurrency`', min: 1, max: MAX_LOOP_CONCURRENCY };
  const failures = fields?.get('failures')?.value;
  return {
    ...(items && { items }),
    ...(as !== undefined && { as }),
    ...(key && { key }),
    maxConcurrency: (most && readInteger(most, report, range)) ?? 1,
    collect:
      failures !== undefined &&
      readWord(failures, report, { what: '`failures`', ...FAILURES_WORDS }) === 'collect',
  };
}

function readLoopName({ value }: Entry, report: Reporter): string | undefined {
  const name = readText(value, report, { what: '`as`' });
  if (name === undefined || !checkName(name.text, value, report)) return undefined;
  if (!TAKEN.has(name.text)) return name.text;
  report.add('ID', value, `\`${name.text}\` means something else already.`, 'Choose another name.');
  return undefined;
}
