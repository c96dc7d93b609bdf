import { specOf, type ActionName } from '../../catalog/index.ts';
import type { Retry } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry } from '../yaml/tree.ts';
import { openList, openMap } from './fields.ts';
import { readDuration, readInteger, readText } from './values.ts';
import { RETRY } from './vocabulary.ts';

const MAX_ATTEMPTS = 100;
const DEFAULT_BACKOFF_MS = 10_000;
const MAX_FACTOR = 10;
/** A code, or what codes begin with: `vro.planFailed`, `veeam.*`. */
const CODE = /^[a-z][a-zA-Z]*\.(?:[a-z][a-zA-Z]*|\*)$/;

/** Reads how often a read or a watch is tried. */
export function readRetry(
  entry: Entry | undefined,
  action: ActionName | undefined,
  report: Reporter,
): Retry | undefined {
  if (entry === undefined) return undefined;
  if (action !== undefined && specOf(action).effect === 'command') {
    const hint = 'A failed command asks a person, who can retry it.';
    report.add('MISPLACED', entry.at, 'A command is sent at most once: it is never retried by itself.', hint);
    return undefined;
  }
  if (action !== undefined && specOf(action).effect === 'notify') {
    const hint = 'Delete the line; `timeout` says for how long it is tried.';
    report.add('MISPLACED', entry.at, `\`${action}\` is tried again by itself, and never fails.`, hint);
    return undefined;
  }
  const fields = openMap(entry.value, RETRY, report);
  const attemptsNode = fields?.need('attempts', 'How often it is tried in all.')?.value;
  const attempts =
    attemptsNode && readInteger(attemptsNode, report, { what: '`attempts`', min: 2, max: MAX_ATTEMPTS });
  const backoffNode = fields?.get('backoff')?.value;
  const backoffMs = backoffNode ? readDuration(backoffNode, report, '`backoff`') : DEFAULT_BACKOFF_MS;
  const factorNode = fields?.get('factor')?.value;
  const factor = factorNode && readInteger(factorNode, report, { what: '`factor`', min: 1, max: MAX_FACTOR });
  const longestNode = fields?.get('maxBackoff')?.value;
  const maxBackoffMs = longestNode && readDuration(longestNode, report, '`maxBackoff`');
  const on = readCodes(fields?.get('on'), report);
  if (attempts === undefined || backoffMs === undefined) return undefined;
  return {
    attempts,
    backoffMs,
    ...(factor === undefined ? {} : { factor }),
    ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
    ...(on === undefined ? {} : { on }),
  };
}

function readCodes(entry: Entry | undefined, report: Reporter): readonly string[] | undefined {
  const items = entry && openList(entry.value, '`on`', report);
  if (items === undefined || entry === undefined) return undefined;
  if (items.length === 0) report.add('REQUIRED', entry.value, 'Nothing would ever be tried again.');
  return items.flatMap((item) => {
    const code = readText(item, report, { what: 'A code', max: 64 });
    if (code === undefined || CODE.test(code.text)) return code?.text ?? [];
    const hint = 'docs/errors.md lists them: veeam.unreachable, or veeam.* for all that begin so.';
    report.add('VALUE', item, `\`${code.text}\` is no code of a failure.`, hint);
    return [];
  });
}
