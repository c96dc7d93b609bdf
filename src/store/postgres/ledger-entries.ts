import type { AuditFound } from '../../model/audit.ts';
import { canonicalJson } from '../../model/json.ts';
import { LEDGER_VERSION, type LedgerEntry } from '../../model/ledger-entry.ts';
import { RAISED_BY_ITSELF, type Finding, type FindingChange, type Review } from '../../model/findings.ts';
import type { IntentResult, NewIntent } from '../contracts.ts';
import type { KeptNote } from '../finding-contracts.ts';
import { sha256 } from '../file-names.ts';
import type { Delegation, KeptGate, KeptRun, KeptVote } from '../gate-contracts.ts';
import type { Freeze } from '../../model/freeze.ts';
import type { RefusedVote } from '../../model/vote.ts';
import type { IdentityEvent } from '../people-contracts.ts';
import type { Hold, NewPruning } from '../retention-contracts.ts';

/** What the stores enter, each with a key by which telling it again enters nothing. */

const v = LEDGER_VERSION;

const digestOf = (value: unknown): string => sha256(canonicalJson(value));

export function runRequested(run: KeptRun): LedgerEntry {
  const { runId, runbook, digest, mode, purpose, starter, startedAt } = run;
  return {
    v,
    kind: 'run.requested',
    key: `run/${runId}/requested`,
    at: startedAt,
    runId,
    runbook,
    runbookDigest: digest,
    mode,
    purpose,
    actor: starter,
  };
}

export function intentRecorded(intent: NewIntent & { epoch: number }, at: number): LedgerEntry {
  const { run, path, attempt, epoch, action, target, baseline, requestDigest } = intent;
  return {
    v,
    kind: 'intent',
    key: `${run}/${path}/${attempt}/intent/${epoch}`,
    at,
    run,
    path,
    attempt,
    epoch,
    action,
    target,
    requestDigest,
    baselineDigest: digestOf(baseline),
  };
}

export function effectRecorded(
  { run, path, attempt, epoch }: Pick<NewIntent, 'run' | 'path' | 'attempt'> & { epoch: number },
  { how, at }: IntentResult,
): LedgerEntry {
  return {
    v,
    kind: 'effect',
    key: `${run}/${path}/${attempt}/effect/${epoch}`,
    at,
    run,
    path,
    attempt,
    epoch,
    how,
  };
}

export function gateOpened({
  run,
  path,
  nonce,
  kind,
  digest,
  asked,
  openedAt,
  dueAt,
}: KeptGate): LedgerEntry {
  return {
    v,
    kind: 'gate.opened',
    key: `gate/${nonce}/opened`,
    at: openedAt,
    run,
    path,
    nonce,
    gate: kind,
    digest,
    askedDigest: digestOf(asked),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
}

export function gateClosed(
  { run, path, nonce, by }: { run: string; path: string; nonce: string; by: string },
  at: number,
): LedgerEntry {
  return { v, kind: 'gate.closed', key: `gate/${nonce}/closed`, at, run, path, nonce, by };
}

export function voteCast({
  id,
  run,
  gate,
  nonce,
  person,
  decision,
  jws,
  proof,
  castAt,
}: KeptVote): LedgerEntry {
  return {
    v,
    kind: 'vote',
    key: `vote/${id}`,
    at: castAt,
    run,
    path: gate,
    nonce,
    id,
    actor: person,
    decision,
    jwsDigest: sha256(jws),
    ...(proof === undefined ? {} : { proofDigest: sha256(proof) }),
  };
}

export function voteRefused(run: string, number: number, refused: RefusedVote): LedgerEntry {
  const { id, at, refusal, gate, claimedPerson } = refused;
  return {
    v,
    kind: 'refusal',
    key: `${run}/refusal/${number}`,
    at,
    run,
    number,
    refusal,
    ...(id === '' ? {} : { vote: id }),
    ...(gate === undefined ? {} : { path: gate }),
    ...(claimedPerson === undefined ? {} : { claimed: claimedPerson }),
  };
}

export function freezeSet({ id, reason, by, at, scope, from, until }: Freeze): LedgerEntry {
  return {
    v,
    kind: 'freeze.set',
    key: `freeze/${id}/set`,
    at,
    id,
    actor: by,
    reasonDigest: sha256(reason),
    scopeDigest: digestOf(scope),
    from,
    ...(until === undefined ? {} : { until }),
  };
}

export function freezeLifted(id: string, actor: string, at: number): LedgerEntry {
  return { v, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at, id, actor };
}

export function delegated({ id, from, to, begins, ends }: Delegation, at: number): LedgerEntry {
  return { v, kind: 'delegation', key: `delegation/${id}`, at, id, actor: from, to, begins, ends };
}

export function delegationEnded(id: string, actor: string, at: number): LedgerEntry {
  return { v, kind: 'delegation.ended', key: `delegation/${id}/ended`, at, id, actor };
}

/** @param number of the event in the record of people */
export function identityNoted(number: number, event: IdentityEvent): LedgerEntry {
  const { kind, at, person, by, detail } = event;
  return {
    v,
    kind: 'identity',
    key: `identity/${number}`,
    at,
    event: kind,
    person,
    ...(by === undefined ? {} : { actor: by }),
    ...(detail === undefined ? {} : { detailDigest: sha256(detail) }),
  };
}

/** @param found with where it was found; the same at the same place is entered once */
export function audited(
  found: { run: string; found: AuditFound; detail?: string; historyDigest?: string },
  at: number,
): LedgerEntry {
  const { run, detail } = found;
  const place = detail === undefined ? '' : `/${sha256(detail)}`;
  return { v, kind: 'audit', key: `${run}/audit/${found.found}${place}`, at, ...found };
}

export function noteWritten({ id, run, at, by, text, attachment }: KeptNote): LedgerEntry {
  return {
    v,
    kind: 'note',
    key: `note/${id}`,
    at,
    run,
    id,
    actor: by,
    textDigest: sha256(text),
    ...(attachment === undefined ? {} : { attachments: [attachment.digest] }),
  };
}

/** @param document the canonical JSON of the finding after the change */
export function findingChanged({
  finding: { id, closedAt, repair },
  run,
  document,
  number,
  change: { at, by, what },
}: {
  readonly finding: Omit<Finding, 'history'>;
  readonly run?: string;
  readonly document: string;
  readonly number: number;
  readonly change: FindingChange;
}): LedgerEntry {
  return {
    v,
    kind: 'finding',
    key: `finding/${id}/${number}`,
    at,
    ...(run === undefined ? {} : { run }),
    id,
    number,
    what,
    ...(by === RAISED_BY_ITSELF ? {} : { actor: by }),
    state: closedAt !== undefined ? 'closed' : repair !== undefined ? 'repaired' : 'open',
    textDigest: sha256(document),
  };
}

export function reviewSigned(review: Review): LedgerEntry {
  const { id, run, from, to, reportDigest, decision, person, iat, jws } = review;
  return {
    v,
    kind: 'review',
    key: `review/${id}`,
    at: iat * 1_000,
    ...(run === undefined ? {} : { run }),
    id,
    actor: person,
    decision,
    reportDigest,
    jwsDigest: sha256(jws),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

export function pruned(pruning: Omit<NewPruning, 'ranges'> & { readonly count: number }): LedgerEntry {
  const { id, at, actor, policyDigest, leavesDigest, statement, count } = pruning;
  const statementDigest = sha256(statement);
  return {
    v,
    kind: 'pruning',
    key: `pruning/${id}`,
    at,
    id,
    actor,
    policyDigest,
    count,
    leavesDigest,
    statementDigest,
  };
}

export function holdSet({ id, run, reason, by, at }: Hold): LedgerEntry {
  return {
    v,
    kind: 'hold.set',
    key: `hold/${id}/set`,
    at,
    run,
    id,
    actor: by,
    reasonDigest: sha256(reason),
  };
}

export function holdLifted(
  { id, run, actor }: { readonly id: string; readonly run: string; readonly actor: string },
  at: number,
): LedgerEntry {
  return { v, kind: 'hold.lifted', key: `hold/${id}/lifted`, at, run, id, actor };
}
