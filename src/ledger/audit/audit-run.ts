import type { AuditFinding } from '../../model/audit.ts';
import { isJsonObject, textOf } from '../../model/json.ts';
import type { LedgerEntry } from '../../model/ledger-entry.ts';
import type { EvidenceHistory } from '../bundle/run-evidence.ts';
import { digestOf } from '../digest.ts';
import { courseFindings } from './course.ts';
import { eventsOf, payloadAt, within, type HistoryEvent } from './events.ts';
import { outsideOf } from './outside.ts';

/** What an audit of one run looks at. */
export interface AuditedRun {
  /** The first execution id. */
  readonly run: string;
  /** Everything that Temporal has of it. */
  readonly executions: readonly EvidenceHistory[];
  /** Executions that are named and gone, and were never read before. */
  readonly lost: readonly string[];
  /** Executions that were read by an earlier audit, and are gone by now. */
  readonly readBefore: readonly string[];
  /** Whether it goes on: the ledger may then be ahead of the histories. */
  readonly isOpen: boolean;
  /** What the ledger has of it. */
  readonly entries: readonly LedgerEntry[];
  /** The run that has started it, as muster knows it. */
  readonly parent?: string;
}

export interface RunAudit {
  readonly findings: readonly AuditFinding[];
  /** SHA-256 of the canonical JSON of its executions. */
  readonly historyDigest: string;
  /** When the last of all events happened, in milliseconds since 1970: of a run that is over, its end. */
  readonly lastEventAt: number;
  /** Runs that it has started. */
  readonly children: readonly { readonly runId: string; readonly run: string }[];
}

/** The mark in a history that the execution tells the ledger what it does; without it, it is from before there was one. */
const TELLS_LEDGER = 'ledger';

/**
 * Compares what Temporal has of a run with what the ledger has. It answers what came from outside, and what one of them has and
 * the other has not; that nothing is found says only that the two agree.
 */
export function auditRun({
  run,
  executions,
  lost,
  readBefore,
  isOpen,
  entries,
  parent,
}: AuditedRun): RunAudit {
  const all = executions.map((one) => ({ execution: one, events: eventsOf(one) }));
  const own = all.filter(({ events }) => firstExecutionOf(events) === run);
  const events = own.flatMap((one) => one.events);
  const votes = new Set(entries.flatMap((entry) => (entry.kind === 'vote' ? [entry.jwsDigest] : [])));
  const gaps = own.flatMap(({ execution, events: its }) => numberGap(execution.executionId, its));
  const isWhole = !isOpen && lost.length === 0 && readBefore.length === 0 && gaps.length === 0;
  const telling = own.filter(({ events: its }) => its.some(tellsLedger));
  const told = telling.flatMap((one) => one.events);
  const isStartTold = telling.some(({ execution }) => execution.executionId === run);
  return {
    findings: [
      ...few(once(events.flatMap((event) => outsideOf(event, { votes, parent })))),
      ...all.flatMap(({ execution, events: its }) =>
        own.some((one) => one.execution === execution) ? [] : foreign(execution.executionId, its),
      ),
      ...lost.map((id): AuditFinding => {
        return { found: 'gap', where: id, says: `The execution ${id} of the run is no longer in Temporal.` };
      }),
      ...gaps,
      ...(telling.length > 0 ? courseFindings({ events, told, isStartTold, entries, isWhole }) : []),
    ],
    historyDigest: digestOf(executions.map(({ executionId, history }) => ({ executionId, history }))),
    lastEventAt: all.flatMap((one) => one.events).reduce((last, { at }) => Math.max(last, at), 0),
    children: childrenIn(events),
  };
}

function firstExecutionOf([began]: readonly HistoryEvent[]): string | undefined {
  return began === undefined ? undefined : textOf(began.facts['firstExecutionRunId']);
}

/** Somebody has started another run under its name. */
function foreign(executionId: string, [began]: readonly HistoryEvent[]): readonly AuditFinding[] {
  if (began === undefined) return [];
  const says = `The execution ${executionId} was started under the name of the run, and is not of it.`;
  return [{ found: 'foreignRun', where: executionId, says }];
}

/** What was reset has a copy of the events before, with all that was found in them. */
function once(findings: readonly AuditFinding[]): readonly AuditFinding[] {
  const said = new Set<string>();
  return findings.filter(({ found, where, says }) => {
    const name = `${found} ${where.slice(where.lastIndexOf('/'))} ${says}`;
    if (said.has(name)) return false;
    said.add(name);
    return true;
  });
}

/** A flood of signals is one thing: each kind is told so often, and then how many more there were. */
function few(findings: readonly AuditFinding[]): readonly AuditFinding[] {
  const kinds = [...new Set(findings.map(({ found }) => found))];
  return kinds.flatMap((found) => {
    const all = findings.filter((one) => one.found === found);
    if (all.length <= MAX_OF_A_KIND) return all;
    const says = `The same happened ${all.length - MAX_OF_A_KIND} more times.`;
    return [...all.slice(0, MAX_OF_A_KIND), { found, where: 'more', says }];
  });
}

const MAX_OF_A_KIND = 20;

function numberGap(executionId: string, events: readonly HistoryEvent[]): readonly AuditFinding[] {
  const at = events.findIndex(({ id }, index) => id !== index + 1);
  if (at < 0) return [];
  const says = `The history of ${executionId} has no event ${at + 1}.`;
  return [{ found: 'gap', where: `${executionId}/${at + 1}`, says }];
}

function tellsLedger({ type, facts }: HistoryEvent): boolean {
  if (type !== 'MARKER_RECORDED' || facts['markerName'] !== 'core_patch') return false;
  const patch = payloadAt(within(facts, 'details'), 'patch-data');
  return isJsonObject(patch) && patch['id'] === TELLS_LEDGER;
}

function childrenIn(events: readonly HistoryEvent[]): readonly { runId: string; run: string }[] {
  return events.flatMap(({ type, facts }) => {
    if (type !== 'CHILD_WORKFLOW_EXECUTION_STARTED') return [];
    const { workflowId, runId } = within(facts, 'workflowExecution');
    return typeof workflowId === 'string' && typeof runId === 'string'
      ? [{ runId: workflowId, run: runId }]
      : [];
  });
}
