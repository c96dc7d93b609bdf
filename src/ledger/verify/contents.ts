import { sha256 } from '../digest.ts';
import type { Case } from './case.ts';
import { anyObject, historyDocument, redactionsDocument } from './documents.ts';
import { redactionProblem } from '../bundle/redaction.ts';
import { atEntry, atFile, quoted } from './problem.ts';

/**
 * Checks what goes with the entries: outputs and notes by the digests that entries name, and the history.
 *
 * @throws EvidenceProblem
 */
export function assertContents(at: Case): void {
  assertOutputs(at);
  assertNotes(at);
  assertHistory(at);
  at.files.json('objectives.json', anyObject);
  at.trust.add('objectives', 'The objectives are as muster has measured them.');
}

function assertOutputs({ files, entries, trust }: Case): void {
  const digests = entries.of('step.ended').flatMap(({ entry }) => entry.outputDigest ?? []);
  for (const digest of new Set(digests)) {
    const file = `outputs/${digest}.json`;
    if (files.find(file) !== undefined) files.named(file, digest);
    else trust.add('outputs', 'Of some outputs only the digest is here.');
  }
}

function assertNotes({ files, entries }: Case): void {
  for (const { entry, position } of entries.of('note')) {
    const file = `notes/${entry.id}.txt`;
    if (files.find(file) === undefined) {
      throw atEntry('evidence.fileMissing', position, `The note ${quoted(entry.id)} is not there.`);
    }
    files.named(file, entry.textDigest);
    for (const digest of entry.attachments ?? []) {
      files.named(`notes/files/${digest}`, digest);
    }
  }
}

/** @throws EvidenceProblem `evidence.redaction`, `evidence.history` */
function assertHistory({ files, entries, run, trust }: Case): void {
  const listed = files.json('redactions.json', redactionsDocument);
  const document = files.json('history.json', anyObject);
  const place = redactionProblem(document, listed);
  if (place !== undefined) throw atFile('evidence.redaction', 'redactions.json', `At ${quoted(place)}.`);
  if (listed.redactions.length > 0) {
    trust.add(
      'redactions',
      `${listed.redactions.length} things were taken out of the history, each with its SHA-256.`,
    );
  }
  const { executions } = files.json('history.json', historyDocument);
  const bad = (detail: string): Error => atFile('evidence.history', 'history.json', detail);
  let before: string | undefined;
  for (const { executionId, history } of executions) {
    const gap = history.events.findIndex(({ eventId }, index) => Number(eventId) !== index + 1);
    if (gap >= 0) throw bad(`Execution ${quoted(executionId)} has not the event ${gap + 1}.`);
    const begun = history.events[0]?.workflowExecutionStartedEventAttributes;
    if (begun?.firstExecutionRunId !== run.firstExecutionId) {
      throw bad(`Execution ${quoted(executionId)} is not one of this run.`);
    }
    if ((begun.continuedExecutionRunId ?? '') !== (before ?? '')) {
      throw bad(`Before execution ${quoted(executionId)} one is missing.`);
    }
    if (before === undefined && executionId !== run.firstExecutionId) {
      throw bad('The first execution is missing.');
    }
    before = executionId;
  }
  const isAudited = entries
    .of('audit')
    .some(({ entry }) => entry.found === 'complete' && entry.historyDigest !== undefined);
  trust.add(
    'history',
    executions.length === 0
      ? 'Temporal’s history of the run is not here.'
      : `What only the history says, Temporal’s server says${isAudited ? '; the auditor has compared it with the ledger' : ''}.`,
  );
}

/** The SHA-256 of a runbook's text is what names it. @throws EvidenceProblem `evidence.otherRunbook` */
export function assertRunbookDigest(text: Uint8Array, digest: string): void {
  if (sha256(text) === digest) return;
  throw atFile('evidence.otherRunbook', 'runbook.json', 'Its SHA-256 is not the one that the run names.');
}
