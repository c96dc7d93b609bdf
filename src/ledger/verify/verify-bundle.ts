import type { KeyObject } from 'node:crypto';
import { STATEMENT_FILE } from '../bundle.ts';
import { toBase64 } from '../bytes.ts';
import { openCheckpoint, type Checkpoint, type VerifiedCheckpoint } from '../checkpoint.ts';
import { digestOf, sha256 } from '../digest.ts';
import { KeyChain, keyChangesOf, type PlacedChange } from '../key-change.ts';
import { keyLabel, type VerifierKey } from '../keys.ts';
import { readZip } from '../zip.ts';
import type { Case } from './case.ts';
import { assertCommands } from './commands.ts';
import { assertContents, assertRunbookDigest } from './contents.ts';
import { assertCourse, beginningAndEnd } from './course.ts';
import { assertDecisions } from './decisions.ts';
import { anyObject, runDocument } from './documents.ts';
import { assertEffects } from './effects.ts';
import { assertOfRun, includedEntries, listedEntries, type Entries } from './entries.ts';
import { assertPredicate, BundleFiles, openStatement, type OpenedStatement } from './files.ts';
import { decidedGates } from './gates.ts';
import { LedgerError } from '../ledger-error.ts';
import { atEntry, atFile, EvidenceProblem } from './problem.ts';
import { assertFindings, assertReviews } from './reviews.ts';
import { compiledRunbook } from './runbook-schema.ts';
import { Trust } from './trust.ts';
import { problemOf, type Stage, type Verdict, type Verified } from './verdict.ts';
import { readKeys } from './vote-keys.ts';
import { castVotes } from './votes.ts';

/** Whom a bundle is believed from. */
export interface VerifyOptions {
  /** The name of the ledger. */
  readonly origin: string;
  /** Verifier keys of the ledger. They have to come another way than with the bundle. */
  readonly ledgerKeys: readonly VerifierKey[];
  /** Public keys that votes are signed with; default: those of the bundle. */
  readonly voteKeys?: readonly KeyObject[];
  /** Verifier keys of witnesses; when there are any, one of them has to have cosigned. */
  readonly witnessKeys?: readonly VerifierKey[];
}

/**
 * Checks the evidence of a run, offline: that it is whole and signed, and that what it says can have happened by the rules of
 * its runbook. It stops at the first thing that is wrong and names it. Whatever the bytes are, it answers and does not throw.
 */
export function verifyBundle(bytes: Uint8Array, options: VerifyOptions): Verdict {
  let stage: Stage = 'zip';
  try {
    const trust = new Trust();
    const files = new BundleFiles(readZip(bytes));
    stage = 'statement';
    // What entries say of keys proves itself; that they stand in the ledger is proven further down.
    const chain = new KeyChain(options.origin, options.ledgerKeys, keyChangesBeside(files));
    const opened = openStatement(files, chain.keys);
    stage = 'checkpoint';
    const signed = openedCheckpoint(files, options, chain, opened, trust);
    stage = 'statement';
    chain.assertNotRetired(signed.checkpoint, opened.envelope.signed, STATEMENT_FILE);
    stage = 'inclusion';
    const entries = includedEntries(files, signed.checkpoint);
    stage = 'meaning';
    return verifiedMeaning(files, entries, opened, signed.checkpoint, options, trust);
  } catch (error) {
    return { ok: false, problem: problemOf(error, stage) };
  }
}

/** @throws LedgerError; EvidenceProblem `evidence.notWitnessed` */
function openedCheckpoint(
  files: BundleFiles,
  { origin, witnessKeys = [] }: VerifyOptions,
  chain: KeyChain,
  { envelope }: OpenedStatement,
  trust: Trust,
): VerifiedCheckpoint {
  const file = 'checkpoint.txt';
  const found = openCheckpoint(files.bytes(file), chain.checkpointKeys(origin, witnessKeys));
  const { signed, cosigned, unknown } = found;
  chain.assertSignedInTime(found.checkpoint, signed, file);
  const vouched = new Set(chain.vouched.map(keyLabel));
  const labels = new Set([...signed.map(({ key }) => key), ...envelope.signed].map(keyLabel));
  const given = [...labels].filter((label) => !vouched.has(label));
  if (given.length > 0) {
    trust.add('ledgerKeys', 'These keys, which you gave, are those of the ledger:', given.join(', '));
  }
  for (const label of [...labels].filter((one) => vouched.has(one))) {
    trust.add('keyChange', 'These keys follow one that you gave, which has signed that they do:', label);
  }
  if (witnessKeys.length > 0 && cosigned.length === 0) {
    throw atFile('evidence.notWitnessed', file, 'You gave keys of witnesses.');
  }
  if (cosigned.length === 0) {
    trust.add(
      'witnesses',
      'No witness was asked for: whoever has the key of the ledger could show others another one.',
    );
  }
  for (const { key, at = 0 } of cosigned) {
    const time = new Date(at * 1_000).toISOString();
    trust.add(
      'witnesses',
      'These witnesses have seen this ledger and no other:',
      `${keyLabel(key)} at ${time}`,
    );
  }
  for (const name of [...unknown.map(keyLabel), ...envelope.unknown]) {
    trust.add(
      'unknownSignatures',
      'These signatures are of keys that you did not give; nobody has checked them:',
      name,
    );
  }
  return found;
}

/** The changes of keys in a bundle of which nothing has been checked yet: what cannot be read is told of in its turn. */
function keyChangesBeside(files: BundleFiles): readonly PlacedChange[] {
  try {
    return keyChangesOf(listedEntries(files));
  } catch (error) {
    if (error instanceof EvidenceProblem || error instanceof LedgerError) return [];
    throw error;
  }
}

function verifiedMeaning(
  files: BundleFiles,
  entries: Entries,
  opened: OpenedStatement,
  checkpoint: Checkpoint,
  options: VerifyOptions,
  trust: Trust,
): Verified {
  const at = openedCase(files, entries, opened, checkpoint, trust);
  assertCourse(at);
  const keys = readKeys(files, options.voteKeys, trust);
  const votes = castVotes(files, entries, keys.vote);
  const gates = decidedGates(at, votes, keys);
  assertDecisions(at, gates);
  assertCommands(at, gates);
  assertEffects(at);
  assertContents(at);
  assertFindings(at);
  const reviews = assertReviews(at, keys.vote);
  files.assertNothingElse();
  for (const { entry } of entries.of('audit')) {
    if (entry.found === 'complete') continue;
    const what = `${entry.found}${entry.detail === undefined ? '' : ` at ${entry.detail}`}`;
    trust.add(
      'audited',
      'Where the histories of Temporal were compared with the ledger, this was found:',
      what,
    );
  }
  for (const { entry } of entries.of('writeAhead')) {
    trust.add(
      'writtenAhead',
      'While the store was away, a worker wrote these entries into a file of its own, and no freeze could stop it:',
      entry.keys.join(', '),
    );
  }
  if (votes.size + reviews > 0) {
    trust.add('roles', 'That people held the roles in their votes and reviews, muster has signed.');
  }
  trust.add('clocks', 'Times are by the clocks of whoever runs muster.');
  trust.add(
    'omissions',
    'That nothing of the run was left out where no rule would notice; the whole ledger shows it.',
  );
  const { runId, runbook, mode } = at.run;
  const { origin, size, root } = checkpoint;
  return {
    ok: true,
    run: { runId, runbook, mode, outcome: at.ended.entry.outcome },
    ledger: { origin, size, root: toBase64(root) },
    checked: {
      files: files.names.length,
      entries: entries.all.length,
      steps: entries.of('step.ended').length,
      gates: gates.length,
      votes: votes.size,
      intents: entries.of('intent').length,
      effects: entries.of('effect').length,
      notes: entries.of('note').length,
      reviews,
    },
    trusted: trust.list(),
  };
}

/** The run that a bundle is about, by its documents and by its entries. @throws EvidenceProblem */
function openedCase(
  files: BundleFiles,
  entries: Entries,
  opened: OpenedStatement,
  { origin, size, root }: Checkpoint,
  trust: Trust,
): Case {
  const run = files.json('run.json', runDocument);
  assertPredicate(opened, {
    v: 1,
    run,
    checkpoint: { origin, size, root: toBase64(root) },
    redactions: sha256(files.bytes('redactions.json')),
    versions: files.json('versions.json', anyObject),
  });
  assertOfRun(entries, run);
  const { started, ended } = beginningAndEnd(entries);
  assertRunbookDigest(files.bytes('runbook.json'), run.runbookDigest);
  for (const { entry, position } of [started, ...entries.of('run.requested')]) {
    const isSame = (['runId', 'runbook', 'runbookDigest', 'mode', 'purpose'] as const).every(
      (field) => entry[field] === run[field],
    );
    if (!isSame || entry.actor !== started.entry.actor) {
      throw atEntry('evidence.otherRunbook', position, `The entry ${entry.kind} is about another run.`);
    }
  }
  if (digestOf(files.json('inputs.json', anyObject)) !== started.entry.inputsDigest) {
    throw atFile('evidence.otherInputs', 'inputs.json', 'Its SHA-256 is not the one that the run names.');
  }
  const runbook = files.json('runbook.json', compiledRunbook);
  if (files.find('runbook.yaml') !== undefined) {
    trust.add(
      'runbookText',
      'That runbook.yaml is the text of runbook.json, muster says; compile it to see.',
    );
  }
  return { files, entries, run, runbook, started, ended, trust };
}
