import type { Escalation } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { MAX_NAME_LENGTH } from './read-rules.ts';
import { readDuration, readText } from './values.ts';
import { ESCALATION } from './vocabulary.ts';

/** Whom nobody has reached by then, one more will not reach. */
const MAX_ESCALATIONS = 5;

/** Reads whom to tell as well, and when: each later than the one before, and before the time of the gate is over. */
export function readEscalate(
  entry: Entry | undefined,
  timeoutMs: number | undefined,
  report: Reporter,
): Escalation[] {
  const items = entry && openList(entry.value, '`escalate`', report);
  if (entry !== undefined && items?.length === 0) {
    report.add('REQUIRED', entry.value, 'An escalation that tells nobody. Leave `escalate` out.');
  }
  if (entry !== undefined && (items?.length ?? 0) > MAX_ESCALATIONS) {
    report.add('COUNT', entry.value, `\`escalate\` has at most ${MAX_ESCALATIONS} items.`);
  }
  let before = 0;
  return (items ?? []).flatMap((item) => {
    const read = readEscalation(item, report);
    if (read === undefined) return [];
    const { at, ...escalation } = read;
    const { afterMs } = escalation;
    if (afterMs <= before) {
      report.add(
        'VALUE',
        at,
        '`after` is later than that of the item before it.',
        'Put them in the order of time.',
      );
    } else if (timeoutMs !== undefined && afterMs >= timeoutMs) {
      report.add('VALUE', at, '`after` is before the `timeout`: then it is too late to tell anybody.');
    }
    before = Math.max(before, afterMs);
    return [escalation];
  });
}

function readEscalation(node: Node, report: Reporter): (Escalation & { readonly at: Node }) | undefined {
  const fields = openMap(node, ESCALATION, report);
  const after = fields?.need('after', 'How long after the opening: after: 10m.')?.value;
  const to = fields?.need('to', 'The role that is told as well: to: dr-duty.')?.value;
  const afterMs = after && readDuration(after, report, '`after`');
  const role = to && readText(to, report, { what: '`to`', max: MAX_NAME_LENGTH })?.text;
  return after === undefined || afterMs === undefined || role === undefined
    ? undefined
    : { afterMs, to: role, at: after };
}
