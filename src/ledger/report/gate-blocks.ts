import { heardNote } from '../../model/approvers.ts';
import type { Block } from './document.ts';
import type { ReportedAnswer, ReportedGate, RunReport } from './report-types.ts';
import { durationText, momentText } from './words.ts';

const KINDS = { approval: 'Approval', decision: 'Decision on a failure', manual: 'Manual step' } as const;
const ENDS: Readonly<Record<string, string>> = {
  vote: 'by answers',
  timeout: 'because its time was over',
  cancel: 'because the run was stopped',
  noticed: 'because it was decided elsewhere',
};

/** Every gate with what was asked, what people saw, and what they said. */
export function gateBlocks({ gates }: RunReport): Block[] {
  if (gates.length === 0) return [{ kind: 'text', text: 'Nobody was asked anything.' }];
  return gates.flatMap(blocksOf);
}

function blocksOf(gate: ReportedGate): Block[] {
  const { path, kind, title, openedAt, closedAt, closedBy, rules, excluded, covered, facts, missing } = gate;
  const took = closedAt === undefined ? undefined : closedAt - openedAt;
  const how = closedBy === undefined ? '' : ` ${ENDS[closedBy] ?? ''}`;
  const shown = [
    { label: 'Kind', value: `${KINDS[kind]}, step ${path}` },
    { label: 'Opened', value: momentText(openedAt) },
    {
      label: 'Closed',
      value:
        closedAt === undefined ? 'not closed' : `${momentText(closedAt)}, after ${durationText(took)},${how}`,
    },
    ...(rules.length === 0 ? [] : [{ label: 'Asked for', value: rules.join('; ') }]),
    ...(excluded.length === 0 ? [] : [{ label: 'Excluded', value: excluded.join(', ') }]),
    ...(covered.length === 0
      ? []
      : [
          {
            label: 'Allowed',
            value: covered.map(({ action, target }) => `${action} on ${target}`).join('; '),
          },
        ]),
    ...(facts.length === 0 ? [] : [{ label: 'People saw', value: facts.join(' ') }]),
    { label: 'Digest of the question', value: gate.digest },
    ...(missing.length === 0
      ? []
      : [{ label: 'Still missing', value: missing.join('; '), tone: 'warn' as const }]),
    ...(gate.isOverdue
      ? [
          {
            label: 'Overdue',
            value: 'Nobody answered in the time that the runbook gives.',
            tone: 'warn' as const,
          },
        ]
      : []),
  ];
  return [
    { kind: 'heading', text: title },
    { kind: 'facts', facts: shown },
    ...(gate.answers.length === 0
      ? [{ kind: 'text', text: 'Nobody has answered.' } as const]
      : gate.answers.map((answer) => quoteOf(answer, openedAt))),
  ];
}

function quoteOf(answer: ReportedAnswer, openedAt: number): Block {
  const { person, roles, decision, at, comment, values, assurance, heardBy, isBreakGlass } = answer;
  const who = answer.for === undefined ? person : `${person} for ${answer.for}`;
  const notes = [
    ...(roles.length === 0 ? [] : [roles.join(', ')]),
    ...(assurance === undefined ? [] : [`identity ${assurance}`]),
    ...(heardBy === undefined ? [] : [heardNote(heardBy)]),
    ...(isBreakGlass ? ['BREAK-GLASS'] : []),
  ];
  const after = at >= openedAt ? `, after ${durationText(at - openedAt)}` : '';
  const filled = values === undefined ? [] : [`Filled in: ${JSON.stringify(values)}`];
  return {
    kind: 'quote',
    by: `${who}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}: ${decision}, ${momentText(at)}${after}`,
    text: [
      comment ?? 'Said nothing more.',
      ...filled,
      ...(answer.void === undefined ? [] : [`This answer does not count any more. ${answer.void}`]),
    ].join('\n'),
  };
}
