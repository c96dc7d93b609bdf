import type { Hold, Pruned } from '../../client/index.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

const BECAUSE = {
  open: 'it goes on',
  hold: 'it is held',
  finding: 'it has an open finding',
  drill: 'it is one of the newest drills of its runbook',
  notAudited: 'it was not audited yet',
} as const;

/** What was removed, or would be, and what stays although it is old. */
export function prunedLines({ id, policy, entries, runs, losingRefusals, kept }: Pruned): string[] {
  const { runs: ofRuns, refusals, identity } = policy;
  if (ofRuns === undefined && refusals === undefined && identity === undefined) {
    return ['Nothing is ever removed: muster.yaml has no ages under retention.'];
  }
  const verb = id === undefined ? 'would go' : `are gone (${id})`;
  return [
    entries === 0 ? 'There is nothing to remove.' : `The texts of ${entries} entries ${verb}.`,
    ...runs.map((runId) => `  ${runId}`),
    ...losingRefusals.map(
      (runId) => `  ${runId}: refused answers only; its evidence cannot be exported any more`,
    ),
    ...(kept.length === 0 ? [] : ['Old enough, and staying:']),
    ...kept.map(({ runId, because }) => `  ${runId}: ${BECAUSE[because]}`),
  ];
}

/** Runs that are kept whatever their age. */
export function holdLines(holds: readonly Hold[]): string[] {
  if (holds.length === 0) return ['No run is held.'];
  const rows = holds.map(({ runId, by, at, reason }) => [runId, by, shortTime(at), reason]);
  return table(['RUN', 'HELD BY', 'SINCE', 'WHY'], rows);
}
