import { signVote, voteDigest } from '../../src/identity/index.ts';
import {
  evidenceEntries,
  signCheckpoint,
  withSignatures,
  writeBundle,
  type EvidenceVote,
  type RunEvidence,
} from '../../src/ledger/index.ts';
import { signNote } from '../../src/ledger/index.ts';
import { digestOf, sha256 } from '../../src/ledger/digest.ts';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import { canonicalJson, type JsonObject } from '../../src/model/json.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { answersOf } from '../../src/model/manual.ts';
import { measuredObjectives } from '../../src/model/objectives.ts';
import { approvalOffers, offersAfter } from '../../src/model/offers.ts';
import type { CompiledRunbook } from '../../src/model/runbook.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { idToken, ledgerKey, provider, voteKeys, witnessKey } from './evidence-keys.ts';
import { FAILOVER } from './evidence-runbook.ts';
import { ORIGIN } from './support.ts';

/** The first execution id of the run. */
export const RUN = 'a1c0ffee-0000-4000-8000-000000000001';
const RUN_ID = 'erp-failover-1';
/** When the run began, in milliseconds since 1970. */
export const BEGUN = Date.UTC(2026, 9, 1, 3, 0);

/** Where a lie can be planted. Everything that is made of it is made anew, and signed with the real keys. */
export interface Lies {
  readonly runbook?: CompiledRunbook;
  readonly mode?: 'live' | 'drill';
  readonly asked?: (asked: JsonObject, path: string) => JsonObject;
  readonly vote?: (claims: VoteClaims) => VoteClaims;
  /** The votes that are cast, by `name`; default all. */
  readonly idToken?: (token: string, claims: VoteClaims) => Promise<string> | string | undefined;
  /** The whole ledger; another run and everything else is in it. */
  readonly entries?: (entries: LedgerEntry[]) => readonly LedgerEntry[];
  /** Which of it goes into the bundle; default what belongs there. */
  readonly chosen?: (entries: RunEvidence['entries'], all: RunEvidence['entries']) => RunEvidence['entries'];
  readonly evidence?: (evidence: RunEvidence) => RunEvidence;
}

/** A bundle, and what it is made of. */
export interface EvidenceBundle {
  readonly bytes: Uint8Array;
  readonly evidence: RunEvidence;
  /** The whole ledger, as texts. */
  readonly ledger: RunEvidence['entries'];
}

const OPTIONS = { origin: ORIGIN, ledgerKeys: [ledgerKey] };
export { OPTIONS as VERIFY };

/** A run that was approved, halted in the middle, went on as an operator said, and was looked at. */
export async function evidenceBundle(lies: Lies = {}): Promise<EvidenceBundle> {
  const runbook = lies.runbook ?? FAILOVER;
  const mode = lies.mode ?? 'live';
  const text = canonicalJson(runbook);
  const runbookDigest = sha256(text);
  const inputs = { plan: 'ERP' };
  const target = 'dr-site/plan/7';
  const command = { path: 'failover', action: 'vro.failover', with: inputs, target };
  const step = <Path extends string>(path: Path) => ({ run: RUN, path, attempt: 1 });
  const asked = new Map<string, JsonObject>();
  const votes: EvidenceVote[] = [];
  let clock = BEGUN;
  const head = (key: string) => ({ v: 1, key, at: (clock += 1_000), run: RUN }) as const;

  const started = {
    runId: RUN_ID,
    runbook: runbook.name,
    runbookDigest,
    mode,
    purpose: 'incident',
    actor: 'anna',
  } as const;
  const stepEnded = (
    path: string,
    more: Partial<Extract<LedgerEntry, { kind: 'step.ended' }>> = {},
  ): LedgerEntry => ({
    ...head(`${RUN}/${path}/ended`),
    kind: 'step.ended',
    ...step(path),
    outcome: 'succeeded',
    ...more,
  });
  const open = (
    gate: 'approval' | 'decision' | 'manual',
    path: string,
    digest: string,
    question: object,
  ): LedgerEntry => {
    const nonce = `${path}-nonce`;
    const whole = { runbook: runbook.name, spokenSalt: 'salt', covered: [], ...question };
    const document = lies.asked?.(whole, path) ?? whole;
    asked.set(nonce, document);
    const askedDigest = digestOf(document);
    return {
      ...head(`gate/${nonce}/opened`),
      kind: 'gate.opened',
      run: RUN,
      path,
      nonce,
      gate,
      digest,
      askedDigest,
    };
  };
  const decided = (path: string, digest: string, ids: readonly string[]): LedgerEntry[] => {
    const nonce = `${path}-nonce`;
    const gate = { run: RUN, path, nonce };
    return [
      { ...head(`gate/${nonce}/decided`), kind: 'gate.decided', ...gate, digest, by: 'vote', votes: ids },
      { ...head(`gate/${nonce}/closed`), kind: 'gate.closed', ...gate, by: 'vote' },
    ];
  };
  const cast = async (
    said: Partial<VoteClaims> & Pick<VoteClaims, 'id' | 'gate' | 'digest' | 'person' | 'roles'>,
  ): Promise<LedgerEntry> => {
    const { at, ...entry } = head(`vote/${said.id}`);
    const iat = Math.floor(at / 1_000);
    const honest: VoteClaims = {
      run: RUN,
      nonce: `${said.gate}-nonce`,
      decision: 'approve',
      assurance: 'twoFactor',
      iat,
      exp: iat + 600,
      ...said,
    };
    const claims = lies.vote?.(honest) ?? honest;
    const jws = await signVote(voteKeys, claims);
    const subject = provider.people.find(({ person }) => person === claims.person)?.subject;
    const token = subject && (await idToken({ nonce: voteDigest(claims), sub: subject, iat: claims.iat }));
    const proof = token && lies.idToken !== undefined ? await lies.idToken(token, claims) : token;
    votes.push({ id: claims.id, jws, ...(proof === undefined ? {} : { proof }) });
    const { gate: path, nonce, id, person: actor, decision, run } = claims;
    const known = { run, path, nonce, id, actor, decision, jwsDigest: sha256(jws) };
    return {
      ...entry,
      at,
      kind: 'vote',
      ...known,
      ...(proof === undefined ? {} : { proofDigest: sha256(proof) }),
    };
  };
  const intent = (attempt: number, action: string, given: JsonObject): LedgerEntry[] => [
    {
      ...head(`${RUN}/failover/${attempt}/intent/1`),
      kind: 'intent',
      ...step('failover'),
      attempt,
      epoch: 1,
      action,
      target,
      requestDigest: digestOf({ action, with: given }),
      baselineDigest: digestOf({}),
    },
    {
      ...head(`${RUN}/failover/${attempt}/effect/1`),
      kind: 'effect',
      ...step('failover'),
      attempt,
      epoch: 1,
      how: 'done',
    },
  ];
  const digestAt = (gate: string, covered: readonly object[]): string =>
    digestOf({ kind: 'approval', runbookDigest, gate, covered });

  const [approval, , , manual] = [runbook.steps[1], runbook.steps[2], undefined, runbook.steps[3]];
  if (approval?.kind !== 'approval' || manual?.kind !== 'manual') throw new Error('another runbook');
  const goDigest = digestAt('go', [command]);
  const ordersDigest = digestAt('orders', []);
  const failedDigest = digestOf({ kind: 'decision', failure: 'halted' });
  const alone = { v: 1, at: BEGUN, key: `run/${RUN_ID}/requested` } as const;
  const other = { v: 1, at: BEGUN, run: 'another-run' } as const;
  const whole: LedgerEntry[] = [
    { ...other, kind: 'run.ended', key: 'another-run/ended', outcome: 'succeeded' },
    { ...alone, kind: 'run.requested', ...started },
    { v: 1, at: BEGUN, key: 'identity/1', kind: 'identity', event: 'signedIn', person: 'boris' },
    { v: 1, at: BEGUN, key: 'identity/2', kind: 'identity', event: 'signedIn', person: 'nobody' },
    { ...head(`${RUN}/started`), kind: 'run.started', ...started, inputsDigest: digestOf(inputs) },
    stepEnded('ready', { outputDigest: digestOf({ state: 'Success' }) }),
    open('approval', 'go', goDigest, {
      policy: { rules: approval.rules, exclude: approval.exclude, starter: 'anna', authors: ['paula'] },
      offers: approvalOffers(approval),
      covered: [command],
    }),
    {
      ...head(`${RUN}/refusal/0`),
      kind: 'refusal',
      run: RUN,
      number: 0,
      refusal: 'excluded',
      path: 'go',
      claimed: 'anna',
    },
    await cast({
      id: 'vote-boris',
      gate: 'go',
      digest: goDigest,
      person: 'boris',
      roles: ['dr-manager'],
      assurance: 'oidc',
    }),
    {
      ...other,
      kind: 'step.ended',
      key: 'another-run/x/1/ended',
      path: 'x',
      attempt: 1,
      outcome: 'succeeded',
    },
    await cast({ id: 'vote-clara', gate: 'go', digest: goDigest, person: 'clara', roles: ['app-owner'] }),
    ...decided('go', goDigest, ['vote-boris', 'vote-clara']),
    stepEnded('go'),
    ...intent(1, 'vro.failover', inputs),
    open('decision', 'failover', failedDigest, {
      policy: { rules: [{ role: 'operator', count: 1 }], exclude: [], starter: 'anna' },
      offers: offersAfter({ code: 'vro.planHalted', message: 'halted' }, { isCommand: true, isSent: true }),
    }),
    await cast({
      id: 'vote-otto1',
      gate: 'failover',
      digest: failedDigest,
      person: 'otto',
      roles: ['operator'],
      decision: 'continue',
      option: 'RetryFailedVm',
    }),
    ...decided('failover', failedDigest, ['vote-otto1']),
    {
      ...head(`${RUN}/failover/1/decision`),
      kind: 'decision',
      ...step('failover'),
      decision: 'continue',
      actor: 'otto',
      failure: 'vro.planHalted',
    },
    ...intent(2, 'vro.continue', { ...inputs, option: 'RetryFailedVm' }),
    stepEnded('failover', { attempt: 2 }),
    open('manual', 'orders', ordersDigest, {
      policy: { rules: [{ role: 'app-owner', count: 1 }], exclude: [], starter: 'anna' },
      offers: answersOf(manual),
      fields: manual.fields,
    }),
    await cast({
      id: 'vote-clara2',
      gate: 'orders',
      digest: ordersDigest,
      person: 'clara',
      roles: ['app-owner'],
      decision: 'answer',
      answer: 'yes',
      values: { orders: 12 },
    }),
    ...decided('orders', ordersDigest, ['vote-clara2']),
    stepEnded('orders'),
    stepEnded('cleanup/undo', { outcome: 'skipped', attempt: 0 }),
    stepEnded('always/tell'),
    { ...head(`${RUN}/ended`), kind: 'run.ended', run: RUN, outcome: 'succeeded', achievedRtoMs: 30_000 },
    {
      ...head(`note/1`),
      kind: 'note',
      run: RUN,
      id: 'note-1',
      actor: 'anna',
      textDigest: sha256('All well.'),
    },
  ];

  const ledger = (lies.entries?.(whole) ?? whole).map((entry, position) => ({
    position,
    text: canonicalJson(entry),
  }));
  const leaves = ledger.map((kept) => leafHash(kept.text));
  const run = { runId: RUN_ID, firstExecutionId: RUN };
  const belonging = evidenceEntries(ledger, run);
  const honest: RunEvidence = {
    run: { ...run, runbook: runbook.name, runbookDigest, mode, purpose: 'incident' },
    entries: lies.chosen?.(belonging, ledger) ?? belonging,
    checkpoint: checkpointOver(leaves),
    leaves,
    runbook: text,
    runbookText: 'apiVersion: muster/v1\n',
    inputs,
    votes,
    voteKeys: [voteKeys.publicKey],
    providers: [provider],
    gates: [...asked].map(([nonce, document]) => ({ nonce, asked: document })),
    histories: [{ executionId: RUN, history: HISTORY }],
    outputs: [canonicalJson({ state: 'Success' })],
    objectives: measuredObjectives({
      timeline: { startedAt: BEGUN, endedAt: BEGUN + 60_000, achievedRtoMs: 30_000 },
      steps: [],
    }),
    notes: [{ id: 'note-1', text: 'All well.' }],
    versions: { muster: '0.1.0', node: '20.20.0' },
  };
  const evidence = lies.evidence?.(honest) ?? honest;
  return { bytes: writeBundle(evidence, [ledgerKey]), evidence, ledger };
}

/** A checkpoint over all leaves, signed by the ledger and cosigned by the witness. */
export function checkpointOver(leaves: readonly Uint8Array[], key = ledgerKey): string {
  const note = signCheckpoint({ origin: ORIGIN, size: leaves.length, root: rootOf(leaves), extensions: [] }, [
    key,
  ]);
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  return withSignatures(note, signNote(text, [witnessKey], BEGUN / 1_000).signatures);
}

const HISTORY: JsonObject = {
  events: [
    {
      eventId: '1',
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
      workflowExecutionStartedEventAttributes: {
        firstExecutionRunId: RUN,
        originalExecutionRunId: RUN,
        identity: '4711@host.internal',
      },
    },
    { eventId: '2', eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED' },
  ],
};
