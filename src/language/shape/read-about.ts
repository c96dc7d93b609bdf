import type { Link, Marks } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { readText } from './values.ts';
import { LINK, MARKS } from './vocabulary.ts';

const MAX_LINKS = 10;
const MAX_MARKS = 20;
const MAX_NAME_LENGTH = 100;
const MAX_TITLE_LENGTH = 200;

/** Reads where people can read on. Only web addresses: a link is clicked by somebody under stress. */
export function readLinks(entry: Entry | undefined, report: Reporter): readonly Link[] | undefined {
  const items = entry && openList(entry.value, '`links`', report);
  if (items === undefined || entry === undefined) return undefined;
  if (items.length > MAX_LINKS) report.add('COUNT', entry.value, `A step has at most ${MAX_LINKS} links.`);
  return items.flatMap((item) => readLink(item, report) ?? []);
}

function readLink(node: Node, report: Reporter): Link | undefined {
  const fields = openMap(node, LINK, report);
  const titleEntry = fields?.need('title', 'What is read: title: The wiki.');
  const urlEntry = fields?.need('url', 'Where it leads: url: https://wiki.example/erp.');
  const title =
    titleEntry && readText(titleEntry.value, report, { what: '`title`', max: MAX_TITLE_LENGTH })?.text;
  const url = urlEntry && readText(urlEntry.value, report, { what: '`url`' })?.text;
  if (title === undefined || url === undefined || urlEntry === undefined) return undefined;
  if (isWebAddress(url)) return { title, url };
  report.add('VALUE', urlEntry.value, 'A link leads to a web page.', 'It begins with https:// or http://.');
  return undefined;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Reads where the clocks of applications start and end. */
export function readMarks(entry: Entry | undefined, report: Reporter): Marks | undefined {
  const fields = entry && openMap(entry.value, MARKS, report);
  if (fields === undefined) return undefined;
  const lost = readApplications(fields.get('lost'), report);
  const recovered = readApplications(fields.get('recovered'), report);
  if (lost === undefined && recovered === undefined) {
    report.add('REQUIRED', fields.at, '`marks` says nothing.', 'Write marks: { recovered: ERP }.');
  }
  return { ...(lost && { lost }), ...(recovered && { recovered }) };
}

/** One name, or several. */
function readApplications(entry: Entry | undefined, report: Reporter): readonly string[] | undefined {
  if (entry === undefined) return undefined;
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (nodes.length > MAX_MARKS) report.add('COUNT', entry.value, `At most ${MAX_MARKS} applications.`);
  const names = nodes.flatMap(
    (node) => readText(node, report, { what: 'An application', max: MAX_NAME_LENGTH })?.text ?? [],
  );
  return names.length === 0 ? undefined : [...new Set(names)];
}
