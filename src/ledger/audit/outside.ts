import type { AuditFinding } from '../../model/audit.ts';
import { isJsonObject, textOf } from '../../model/json.ts';
import { sha256 } from '../digest.ts';
import { payloadAt, printable, within, type HistoryEvent } from './events.ts';

/** What is known of a run besides its events, to tell what muster did from what others did. */
export interface Insiders {
  /** SHA-256 of every vote that was cast in the run: what muster sends is kept before it is sent. */
  readonly votes: ReadonlySet<string>;
  /** The run that has started it, which also cancels it. */
  readonly parent: string | undefined;
}

/** Signals whose argument is a signed vote. */
const SIGNED = ['vote', 'cancel'];
/** It says nothing, so everybody may send it. */
const NUDGE = 'wake';
const RESET = 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW';

/** What an event shows that came from outside of muster. */
export function outsideOf(event: HistoryEvent, known: Insiders): readonly AuditFinding[] {
  const { type, facts, executionId, id } = event;
  const where = `${executionId}/${id}`;
  const by = byWhom(facts['identity']);
  switch (type) {
    case 'WORKFLOW_EXECUTION_TERMINATED': {
      const why = printable(facts['reason']);
      const says = `The run was terminated${by}${why === '' ? '' : `: ${why}`}. Nothing cleaned up.`;
      return [{ found: 'terminated', where, says }];
    }
    case 'WORKFLOW_EXECUTION_TIMED_OUT':
      return [
        { found: 'terminated', where, says: 'The run was ended by a time limit that muster never sets.' },
      ];
    case 'WORKFLOW_TASK_FAILED': {
      if (facts['cause'] !== RESET) return [];
      const base = textOf(facts['baseRunId']) ?? '?';
      const says = `The run was reset${by} to event ${id} of ${base}, and from there done again.`;
      return [{ found: 'reset', where, says }];
    }
    case 'WORKFLOW_EXECUTION_CANCEL_REQUESTED': {
      const asker = textOf(within(facts, 'externalWorkflowExecution')['workflowId']);
      if (known.parent !== undefined && asker === known.parent) return [];
      return [
        { found: 'cancelledThroughTemporal', where, says: `The run was cancelled through Temporal${by}.` },
      ];
    }
    case 'WORKFLOW_EXECUTION_SIGNALED':
      return signalOf(event, known, by).map((says) => ({ found: 'foreignSignal', where, says }));
    case 'WORKFLOW_EXECUTION_UPDATE_ADMITTED':
    case 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED':
      return [{ found: 'foreignUpdate', where, says: `The run was sent an update${by}; muster sends none.` }];
    default:
      return [];
  }
}

function signalOf({ facts }: HistoryEvent, { votes }: Insiders, by: string): readonly string[] {
  const name = textOf(facts['signalName']) ?? '';
  if (name === NUDGE) return [];
  if (!SIGNED.includes(name)) {
    return [`The run was sent the signal "${printable(name)}"${by}; muster does not know it.`];
  }
  const sent = payloadAt(facts, 'input');
  const jws = isJsonObject(sent) ? textOf(sent['jws']) : undefined;
  if (jws !== undefined && votes.has(sha256(jws))) return [];
  return [`The run was sent a ${name}${by} that was never cast with muster.`];
}

function byWhom(identity: unknown): string {
  const name = printable(identity);
  return name === '' ? '' : ` by ${name}`;
}
