import { entriesFor } from '../../src/simulator/index.ts';
import type { RunView } from '../../src/client/index.ts';
import type { Stage } from '../support/stage.ts';
import { runbookOf } from '../support/stage.ts';

export const FAILOVER = 'POST /Plans/{planId}/Failover';
export const READ_PLAN = 'GET /Plans/{planId}';
export const READ_DETAILS = 'GET /RuntimeDetails/Plans/{planId}';

/** Fails ERP-CANARY over and brings it back; `before` are further steps in front of it. */
export function canary(before = ''): string {
  return runbookOf(`steps:
${before}
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);
}

/** How often plans were failed over: by what the servers did, not by what anybody says. */
export function failovers({ simulator }: Pick<Stage, 'simulator'>): number {
  return entriesFor(simulator.journal, { call: FAILOVER }).length;
}

/** Counts the requests for a failover from now on, also those that the plan's state refuses: they leave no effect. */
export function countRequests({ simulator }: Pick<Stage, 'simulator'>): () => number {
  const { id } = simulator.faults.add({
    kind: 'latency',
    system: 'vro',
    call: FAILOVER,
    ms: 1,
    times: 'always',
  });
  return () => simulator.faults.list().find((one) => one.id === id)?.struck ?? 0;
}

/** Whether the run is watching its failover. */
export function isWatching({ steps, progress }: RunView): boolean {
  const step = steps.find(({ path }) => path === 'failover');
  return step?.command !== undefined && (progress['failover']?.says ?? '').startsWith('Failover');
}
