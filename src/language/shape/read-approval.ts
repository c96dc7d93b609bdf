import { EXCLUSIONS } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { ApprovalDraft } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { readEscalate } from './read-escalate.ts';
import { readRules, readTexts } from './read-rules.ts';
import { readDuration, readText, readWord } from './values.ts';
import { APPROVAL, COMMENT_WORDS, EXCLUDE_WORDS, ON_TIMEOUT_WORDS } from './vocabulary.ts';

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
  const commentNode = fields?.get('comment')?.value;
  const comment = commentNode && readWord(commentNode, report, { what: '`comment`', ...COMMENT_WORDS });
  const escalate = readEscalate(fields?.get('escalate'), timeoutMs, report);
  return {
    kind: 'approval',
    ...(titleText && { title: titleText }),
    covers: readTexts(fields?.get('covers'), report),
    rules: rulesEntry === undefined ? [] : readRules(rulesEntry.value, report),
    exclude: readExclude(fields?.get('exclude'), report),
    ...(comment === undefined ? {} : { comment }),
    ...(escalate.length === 0 ? {} : { escalate }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onTimeout:
      (onTimeout && readWord(onTimeout.value, report, { what: '`onTimeout`', ...ON_TIMEOUT_WORDS })) ??
      'hold',
  };
}

function readExclude(entry: Entry | undefined, report: Reporter): ApprovalDraft['exclude'] {
  const items = entry && openList(entry.value, '`exclude`', report);
  const excluded = (items ?? []).flatMap(
    (item) => readWord(item, report, { what: '`exclude`', ...EXCLUDE_WORDS }) ?? [],
  );
  // In one order, so that two files that mean the same have one digest.
  return EXCLUSIONS.filter((kind) => excluded.includes(kind));
}
