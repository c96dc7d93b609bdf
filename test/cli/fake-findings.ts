import type { FindingDesk, ListedFinding } from '../../src/client/index.ts';
import { START } from './sample-run.ts';

export const FINDING: ListedFinding = {
  id: 'fd-1a2b3c4d',
  runId: 'dr-drill-20250131-k7m2qz',
  path: 'web',
  raisedBy: 'warning',
  raisedAt: START,
  text: 'The web server was slow.',
  severity: 'low',
  state: 'open',
  history: [{ at: START, by: 'muster', what: 'raised' }],
};

/** One finding that stays as it is. What it was asked for is told. */
export function fakeFindings(asked: (operation: string, request: object) => void): FindingDesk {
  return {
    async list(request = {}) {
      asked('findings.list', request);
      return [FINDING];
    },
    find: async () => FINDING,
    async raise(request) {
      asked('findings.raise', request);
      return FINDING;
    },
    async assign(request) {
      asked('findings.assign', request);
      return FINDING;
    },
    async repair(request) {
      asked('findings.repair', request);
      return FINDING;
    },
    async close(request) {
      asked('findings.close', request);
      return FINDING;
    },
    async reopen(request) {
      asked('findings.reopen', request);
      return FINDING;
    },
  };
}
