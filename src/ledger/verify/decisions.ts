import { spokenApprovers } from '../../model/approvers.ts';
import type { Case } from './case.ts';
import type { DecidedGate } from './gates.ts';
import { atEntry, quoted } from './problem.ts';

/** What is done when nobody answers in the time a run was given. */
const UNANSWERED: readonly string[] = ['rollback', 'abort'];

/**
 * Whether every decision on a failed step was taken at a gate: by votes that say so, or because nobody answered, or because
 * somebody acted in VRO itself.
 *
 * @throws EvidenceProblem `evidence.decisionUnproven`
 */
export function assertDecisions({ entries, started }: Case, gates: readonly DecidedGate[]): void {
  const open = gates.filter(({ kind }) => kind === 'decision');
  for (const { entry, position } of entries.of('decision')) {
    const { path, decision, actor } = entry;
    const at = open.findIndex((gate) => {
      if (gate.path !== path) return false;
      switch (gate.by) {
        case 'vote':
          return (
            gate.position < position &&
            gate.taken[0]?.decision === decision &&
            spokenApprovers(gate.taken) === actor
          );
        case 'timeout':
          return gate.position < position && UNANSWERED.includes(decision) && actor === started.entry.actor;
        case 'noticed':
          // Written down when it was noticed, right before its gate closed.
          return decision === 'adopt';
      }
    });
    if (at < 0) {
      throw atEntry('evidence.decisionUnproven', position, `${quoted(decision)} at ${quoted(path)}.`);
    }
    // Each gate takes one decision.
    open.splice(at, 1);
  }
}
