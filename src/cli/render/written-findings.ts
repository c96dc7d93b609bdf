import type { ListedFinding } from '../../client/index.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** Findings as a list: what, how bad, and who repairs it until when. */
export function findingLines(findings: readonly ListedFinding[]): string[] {
  if (findings.length === 0) return ['There are no such findings.'];
  const rows = findings.map(({ id, severity, state, owner, dueAt, text }) => [
    id,
    severity,
    state,
    owner ?? 'nobody',
    dueAt === undefined ? '-' : shortTime(dueAt).slice(0, 10),
    text,
  ]);
  return table(['finding', 'severity', 'state', 'owner', 'due', 'what'], rows);
}

/** One finding with all that has happened to it. */
export function oneFindingLines(finding: ListedFinding): string[] {
  const {
    id,
    severity,
    state,
    text,
    runId,
    path,
    owner,
    dueAt,
    repair,
    closedBy,
    closingEvidence = [],
  } = finding;
  const where = [runId, path].filter((part) => part !== undefined).join(', step ');
  return [
    `${styled('bold', id)} ${state}, ${severity}`,
    `  ${text}`,
    ...(where === '' ? [] : [`  of ${where}`]),
    `  owner: ${owner ?? 'nobody yet'}${dueAt === undefined ? '' : `, until ${shortTime(dueAt)}`}`,
    ...(repair === undefined ? [] : [`  repair: ${repair}`]),
    ...(closedBy === undefined ? [] : [`  closed by ${closedBy}, proved by ${closingEvidence.join(', ')}`]),
    ...finding.history.map(({ at, by, what, text: said }) =>
      styled('dim', `  ${shortTime(at)} ${what} by ${by}${said === undefined ? '' : `: ${said}`}`),
    ),
  ];
}
