import { tableOr, type Block } from './document.ts';
import type { ReportedFinding } from './report-types.ts';
import { dayText, momentText, toneOf } from './words.ts';

const SOURCES: Readonly<Record<ReportedFinding['raisedBy'], string>> = {
  warning: 'by a warning',
  skip: 'by a step that was left out',
  deviation: 'by a deviation',
  objective: 'by an objective',
  schedule: 'by a schedule',
  audit: 'by the audit',
  person: 'by a person',
};

/** Findings with who repairs them, until when, and what proves it. */
export function findingsTable(findings: readonly ReportedFinding[], none: string): Block {
  return tableOr(
    none,
    'Findings, the worst first',
    [
      { label: 'Finding', share: 40 },
      { label: 'Severity', share: 11 },
      { label: 'Owner and due', share: 19 },
      { label: 'Repair', share: 30 },
    ],
    findings.map((finding) => {
      const { text, severity, raisedBy, raisedByPerson, runId, path, owner, dueAt, state } = finding;
      const raised = raisedByPerson === undefined ? SOURCES[raisedBy] : `by ${raisedByPerson}`;
      const where = [runId, path].filter((part) => part !== undefined).join(' · ');
      return [
        { text, note: `Raised ${raised}${where === '' ? '' : `, ${where}`}` },
        { text: severity, tone: toneOf(severity) },
        {
          text: owner ?? 'nobody yet',
          note: dueAt === undefined ? 'no due date' : `due ${dayText(dueAt)}`,
        },
        { text: state, tone: state === 'closed' ? 'good' : toneOf(state), note: repairOf(finding) },
      ];
    }),
  );
}

function repairOf({ repair, closedAt, closedBy, closingEvidence = [] }: ReportedFinding): string {
  return [
    repair ?? 'Nothing is said of a repair.',
    ...(closedAt === undefined ? [] : [`Closed ${momentText(closedAt)} by ${closedBy ?? 'somebody'}.`]),
    ...(closingEvidence.length === 0 ? [] : [`Proved by ${closingEvidence.join(', ')}.`]),
  ].join(' ');
}
