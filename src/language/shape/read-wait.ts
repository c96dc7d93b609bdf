import { parseDuration } from '../../model/duration.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Node } from '../yaml/tree.ts';
import type { WaitDraft } from './draft.ts';
import { openMap } from './fields.ts';
import { readTime, readTimezone } from './read-time.ts';
import { readDuration, readText } from './values.ts';
import { WAIT } from './vocabulary.ts';

/** Reads what a step waits for: a duration, a template that yields one, or a time. */
export function readWait(node: Node, report: Reporter): WaitDraft {
  const kind = 'wait';
  if (node.kind === 'map') return { kind, ...readUntil(node, report) };
  if (isTemplate(node) && parseDuration(String(node.value)) === undefined) {
    const duration = readText(node, report, { what: '`wait`', templates: true });
    return { kind, ...(duration && { duration }) };
  }
  const durationMs = readDuration(node, report, '`wait`');
  return { kind, ...(durationMs === undefined ? {} : { durationMs }) };
}

function readUntil(node: Node, report: Reporter): Pick<WaitDraft, 'until'> {
  const fields = openMap(node, WAIT, report);
  const until = fields?.need('until', 'A time of the day, "22:00", or a moment: "${{ inputs.at }}".');
  const zone = fields?.get('timezone');
  if (until === undefined || fields === undefined) return {};
  if (isTemplate(until.value)) {
    const moment = readText(until.value, report, { what: '`until`', templates: true });
    if (zone !== undefined) {
      report.add('MISPLACED', zone.at, 'A moment says by itself which clock it means.', 'Delete the line.');
    }
    return moment === undefined ? {} : { until: { moment } };
  }
  const time = readTime(until, report);
  const timezone = readTimezone(fields.need('timezone', 'Whose clocks count: Europe/Berlin.'), report);
  return time === undefined || timezone === undefined ? {} : { until: { time, timezone } };
}

function isTemplate(node: Node): node is Extract<Node, { kind: 'scalar' }> {
  return node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('${{');
}
