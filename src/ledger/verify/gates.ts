import { decideApproval, type ApprovalPolicy } from '../../model/approval.ts';
import { castAt } from '../../model/cast.ts';
import { decideFailure } from '../../model/decision-rules.ts';
import type { Gate } from '../../model/run.ts';
import type { CoveredStep, Refusal, VerifiedVote } from '../../model/vote.ts';
import { digestOf } from '../digest.ts';
import { CLOCK_TOLERANCE_MS, type Case } from './case.ts';
import { askedDocument, type AskedDocument } from './documents.ts';
import type { Placed } from './entries.ts';
import { approvalOf, assertRules, gateFile } from './gate-rules.ts';
import { assertProven } from './id-tokens.ts';
import { atEntry, atFile, quoted, type EvidenceCode } from './problem.ts';
import { assertMayAnswer } from './standing.ts';
import type { VerificationKeys } from './vote-keys.ts';
import { voteFile, type CastVote } from './votes.ts';

/** A gate that was decided, and that this holds. */
export interface DecidedGate {
  readonly position: number;
  readonly at: number;
  readonly path: string;
  readonly kind: Gate['kind'];
  readonly by: 'vote' | 'timeout' | 'noticed';
  readonly approved: boolean;
  readonly covered: readonly CoveredStep[];
  readonly votes: readonly VerifiedVote[];
  /** Those that took the decision at a gate about a failed step. */
  readonly taken: readonly VerifiedVote[];
}

interface OpenedGate {
  readonly placed: Placed<'gate.opened'>;
  readonly asked: AskedDocument;
}

/** What becomes of a vote that the gate would not have taken. */
const REFUSED: Partial<Record<Refusal, EvidenceCode>> = {
  duplicate: 'evidence.voteTwice',
  takenBack: 'evidence.voteTwice',
  excluded: 'evidence.voteExcluded',
  noRole: 'evidence.voteNotAdmitted',
  otherGate: 'evidence.otherVote',
  otherDigest: 'evidence.otherVote',
};

/**
 * Checks every gate: what was asked, by which rules, that it has an end, and that each decision holds: by votes of people who
 * may, on this very subject, in time, each person once.
 *
 * @returns the decided gates in the order in which they were decided
 * @throws EvidenceProblem
 */
export function decidedGates(
  at: Case,
  votes: ReadonlyMap<string, CastVote>,
  keys: VerificationKeys,
): readonly DecidedGate[] {
  const opened = new Map(at.entries.of('gate.opened').map((one) => [one.entry.nonce, openedGate(at, one)]));
  assertEnds(at, opened);
  const decided: DecidedGate[] = [];
  for (const placed of at.entries.of('gate.decided')) {
    const gate = opened.get(placed.entry.nonce);
    if (gate === undefined) throw unknown(placed, 'was never opened');
    decided.push(decidedGate(at, gate, placed, { votes, keys, before: decided }));
  }
  return decided;
}

/** @throws EvidenceProblem `evidence.fileChanged`, `evidence.otherSubject`, `evidence.otherRules` */
function openedGate(
  { files, run, runbook, started, trust }: Case,
  placed: Placed<'gate.opened'>,
): OpenedGate {
  const { nonce, path, digest, askedDigest, gate } = placed.entry;
  const file = gateFile(nonce);
  files.named(file, askedDigest);
  const asked = files.json(file, askedDocument);
  if (gate === 'decision') {
    trust.add(
      'decisionSubjects',
      'The digest of a question about a failed step is made of the failure, of which only its code is here.',
    );
  } else if (
    digestOf({ kind: 'approval', runbookDigest: run.runbookDigest, gate: path, covered: asked.covered }) !==
    digest
  ) {
    throw atFile('evidence.otherSubject', file, `The gate at ${quoted(path)} covers something else.`);
  }
  assertRules(runbook, placed, asked, started.entry.actor);
  return { placed, asked };
}

/** @throws EvidenceProblem `evidence.gateOpen`, `evidence.gateUnknown` */
function assertEnds({ entries }: Case, opened: ReadonlyMap<string, OpenedGate>): void {
  const ended = new Set<string>();
  for (const placed of [...entries.of('gate.closed'), ...entries.of('gate.decided')]) {
    const { nonce, path } = placed.entry;
    const gate = opened.get(nonce)?.placed;
    if (gate?.entry.path !== path) throw unknown(placed, 'was never opened');
    if (gate.position > placed.position) throw unknown(placed, 'was opened later');
    ended.add(nonce);
  }
  for (const [nonce, { placed }] of opened) {
    if (!ended.has(nonce)) {
      throw atEntry(
        'evidence.gateOpen',
        placed.position,
        `The gate at ${quoted(placed.entry.path)}, opened at ${placed.position}, has no end.`,
      );
    }
  }
}

function decidedGate(
  at: Case,
  { placed: opened, asked }: OpenedGate,
  placed: Placed<'gate.decided'>,
  known: {
    readonly votes: ReadonlyMap<string, CastVote>;
    readonly keys: VerificationKeys;
    readonly before: readonly DecidedGate[];
  },
): DecidedGate {
  const { entry, position } = placed;
  const { path, by } = entry;
  const { gate: kind, digest } = opened.entry;
  if (entry.digest !== digest) throw unknown(placed, 'was opened about something else');
  const cast = entry.votes.map((id) => {
    const one = known.votes.get(id);
    if (one === undefined) {
      throw atFile('evidence.voteMissing', voteFile(id), `The vote ${quoted(id)} has no entry.`);
    }
    assertGivenHere(one, opened, placed);
    assertMayAnswer(at.entries, one, position);
    assertProven(one, known.keys.providers, at.trust);
    return one;
  });
  assertOneEach(cast);
  const gate = counted(
    at,
    { opened, asked, placed },
    cast,
    previousTo(at, opened, asked.policy, known.before),
  );
  const votes = cast.map(({ vote }) => vote);
  if (by === 'noticed') {
    at.trust.add('noticed', 'That somebody acted in VRO itself, muster says; it decided these gates:', path);
  }
  return {
    position,
    at: entry.at,
    path,
    kind,
    by,
    approved: kind === 'approval' && by === 'vote' && decideApproval(votes, gate.policy).state === 'approved',
    covered: asked.covered,
    votes,
    taken: by === 'vote' && kind === 'decision' ? takenBy(gate) : [],
  };
}

/** Counts the votes anew, one after the other, as the run has done. */
function counted(
  at: Case,
  {
    opened,
    asked,
    placed,
  }: { opened: Placed<'gate.opened'>; asked: AskedDocument; placed: Placed<'gate.decided'> },
  cast: readonly CastVote[],
  previousOf: (vote: VerifiedVote) => readonly string[],
): Gate {
  const { entry } = placed;
  const { nonce, digest, gate: kind, path } = opened.entry;
  const { policy, offers, covered, fields } = asked;
  const own = { nonce, digest, kind, policy, offers, covered, votes: [], missing: [] };
  let gate: Gate = {
    ...own,
    title: path,
    openedAt: opened.entry.at,
    ...(fields === undefined ? {} : { fields }),
  };
  let isDecided = false;
  for (const { vote } of cast) {
    const found = castAt(gate, vote, { now: entry.at, previous: previousOf(vote) });
    if ('refusal' in found) {
      const code = REFUSED[found.refusal] ?? 'evidence.voteInvalid';
      throw atFile(code, voteFile(vote.id), `${quoted(vote.person)} at ${quoted(path)}: ${found.refusal}.`);
    }
    gate = { ...gate, ...found.change };
    isDecided = found.decided;
  }
  if (entry.by === 'vote' && !isDecided) {
    const missing = gate.missing.length === 0 ? 'there is no vote' : gate.missing.join(', ');
    throw atEntry('evidence.notDecided', placed.position, `At ${quoted(path)}: ${missing}.`);
  }
  if (gate.deviation?.how !== entry.deviation) {
    throw atEntry(
      'evidence.notDecided',
      placed.position,
      `At ${quoted(path)} the deviation is not as entered.`,
    );
  }
  if (gate.deviation !== undefined) {
    at.trust.add(
      'breakGlass',
      'These approvals were given by one person alone, not by the rules; that the configuration lets them, muster says:',
      `${path} by ${gate.deviation.by}`,
    );
  }
  return gate;
}

/** @throws EvidenceProblem `evidence.otherVote`, `evidence.voteExpired`, `evidence.order` */
function assertGivenHere(
  { position, entry, vote }: CastVote,
  opened: Placed<'gate.opened'>,
  decided: Placed<'gate.decided'>,
): void {
  const file = voteFile(vote.id);
  const { run, path, nonce, digest } = opened.entry;
  if (vote.run !== run || vote.gate !== path || vote.nonce !== nonce || vote.digest !== digest) {
    throw atFile(
      'evidence.otherVote',
      file,
      `The vote of ${quoted(vote.person)} is not for ${quoted(path)}.`,
    );
  }
  if (position < opened.position || position > decided.position) {
    throw atEntry(
      'evidence.order',
      position,
      `The vote of ${quoted(vote.person)} was not cast while the gate was open.`,
    );
  }
  const isLast = decided.entry.votes.at(-1) === vote.id;
  const end = vote.exp * 1_000;
  const isFresh =
    vote.iat * 1_000 <= entry.at + CLOCK_TOLERANCE_MS &&
    vote.iat * 1_000 >= opened.entry.at - CLOCK_TOLERANCE_MS &&
    entry.at < end &&
    // The one that decided was looked at right then; when those before it were, only the history says.
    (!isLast || decided.entry.at < end + CLOCK_TOLERANCE_MS);
  if (!isFresh) {
    throw atFile('evidence.voteExpired', file, `The vote of ${quoted(vote.person)} was not good then.`);
  }
}

/** Two names of one account are one person. */
function assertOneEach(cast: readonly CastVote[]): void {
  const people = new Set<string>();
  for (const { vote } of cast) {
    if (people.has(vote.person)) {
      throw atFile('evidence.voteTwice', voteFile(vote.id), `${quoted(vote.person)} counts twice.`);
    }
    people.add(vote.person);
  }
}

/** Who said yes at other approvals before, where that excludes. */
function previousTo(
  { runbook }: Case,
  { entry }: Placed<'gate.opened'>,
  { exclude, previous = [] }: ApprovalPolicy,
  before: readonly DecidedGate[],
): (vote: VerifiedVote) => readonly string[] {
  if (!exclude.includes('previous-approver')) return () => [];
  const own = approvalOf(runbook, entry.path)?.path;
  const yes = before
    .filter(({ kind, path }) => kind === 'approval' && approvalOf(runbook, path)?.path !== own)
    .flatMap(({ votes }) => votes.filter(({ decision }) => decision === 'approve'));
  return (vote) => [
    ...previous,
    ...yes
      .filter(({ iat }) => iat < vote.iat)
      .flatMap(({ person, for: delegator }) => (delegator === undefined ? [person] : [person, delegator])),
  ];
}

function takenBy({ votes, policy }: Gate): readonly VerifiedVote[] {
  if (policy.decisions === undefined) return votes.slice(0, 1);
  const decided = decideFailure(votes, policy.decisions);
  return decided.state === 'taken' ? decided.votes : [];
}

function unknown(
  { entry, position }: { readonly entry: { readonly path: string }; readonly position: number },
  how: string,
): Error {
  return atEntry('evidence.gateUnknown', position, `The gate at ${quoted(entry.path)} ${how}.`);
}
