import type { AuditView } from '../../client/index.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** Runs that were compared, and below what was found. */
export function auditLines(audits: readonly AuditView[]): string[] {
  if (audits.length === 0) return ['No run was compared yet.'];
  const rows = audits.map(({ runId, auditedAt, isFinal, findings }) => [
    runId,
    auditedAt === undefined ? (isFinal ? 'never' : 'not yet') : shortTime(auditedAt),
    auditedAt === undefined ? '' : isFinal ? 'ended' : 'open',
    auditedAt === undefined ? '' : findings.length === 0 ? 'nothing' : `${findings.length} found`,
  ]);
  const found = audits.flatMap(({ runId, findings }) =>
    findings.length === 0
      ? []
      : ['', `${runId}:`, ...findings.map(({ found: what, says }) => `  ${what}  ${says}`)],
  );
  return [...table(['RUN', 'COMPARED', 'RUN IS', 'FOUND'], rows), ...found];
}
