import type { KeyObject } from 'node:crypto';
import { assertMay } from '../identity/index.ts';
import {
  evidenceEntries,
  formatVerifierKey,
  keyLabel,
  sealLedger,
  writeBundle,
  type EvidenceProvider,
  type Sealing,
} from '../ledger/index.ts';
import { sha256 } from '../ledger/digest.ts';
import type { Control } from '../control/index.ts';
import type { Actor } from '../model/actor.ts';
import { isJsonObject } from '../model/json.ts';
import { LEDGER_VERSION, type LedgerEntry } from '../model/ledger-entry.ts';
import type { KeptEntry, Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { LedgerStatus, Muster } from './muster.ts';
import { reportOfRun, type RunReportParts } from './run-reports.ts';
import { viewOf } from './run-view.ts';
import { writtenDown } from './written-down.ts';
import { translated } from './translate-error.ts';

/** What evidence is made with, besides the stores. */
export interface EvidenceParts {
  readonly sealing: Sealing;
  /** The public key of votes. */
  readonly voteKey: KeyObject;
  /** The identity provider, without what is kept of it. */
  readonly provider?: Omit<EvidenceProvider, 'keys' | 'people'>;
  /** The runbooks that are published, with the SHA-256 of what they mean. */
  readonly published?: ReadonlyMap<string, string>;
  /** Of muster, Node and Temporal. */
  readonly versions: { readonly [component: string]: string };
}

interface DeskParts {
  readonly control: Control;
  readonly actor: () => Promise<Actor>;
  readonly stores: RunReportParts['stores'] & Pick<Stores, 'votes' | 'people' | 'retention'>;
  readonly evidence: EvidenceParts;
  readonly now: () => number;
}

/** Entries read at a time. */
const ENTRIES_PER_PAGE = 2_000;

/** The record of what was done: its state, and what of it concerns one run. */
export function createEvidenceDesk(parts: DeskParts): Pick<Muster, 'evidence' | 'ledger'> {
  const { control, actor: actorNow, stores, evidence, now } = parts;

  const allowed = async (runId: string) => {
    const actor = await actorNow();
    const kept = await stores.runs.find(runId);
    if (kept?.firstExecutionId !== undefined && (await stores.retention.isPruned(kept.firstExecutionId))) {
      assertMay(actor, 'evidence.read', { runbook: kept.runbook });
      throw new MusterError('evidence.pruned');
    }
    const view = await translated(() => viewOf(runId, control));
    assertMay(actor, 'evidence.read', { runbook: view.timeline.run.runbook });
    return { actor, view };
  };

  return {
    async evidence(runId) {
      const { actor, view } = await allowed(runId);
      const { timeline } = view;
      if (timeline.endedAt === undefined) {
        throw new MusterError(
          'evidence.runOpen',
          `${runId} goes on; its evidence is whole when it has ended.`,
        );
      }
      const { run } = timeline;
      const { firstExecutionId, runbookDigest } = run;
      const sealed = await sealLedger(evidence.sealing);
      if (sealed === undefined) throw new MusterError('evidence.notRecorded');
      const { size, note } = sealed.checkpoint;
      const entries = evidenceEntries(await entriesBefore(stores, size), { ...run });
      const own = entries.map(({ text }) => JSON.parse(text) as LedgerEntry);
      if (!own.some(({ kind }) => kind === 'run.ended')) throw new MusterError('evidence.notRecorded');
      const report = await reportOfRun(
        { runbook: run.runbook, view },
        { control, stores, sealing: evidence.sealing, now },
      );
      const input = await translated(() => control.carried(runId));
      const [votes, gates, leaves, runbook, histories, provider] = await Promise.all([
        stores.votes.ofRun(firstExecutionId),
        stores.gates.ofRun(firstExecutionId),
        stores.ledger.leafHashes(size),
        stores.contents.get(runbookDigest),
        translated(() => control.histories(runId)),
        providerOf(parts),
      ]);
      const bytes = writeBundle(
        {
          run: {
            runId,
            firstExecutionId,
            runbook: run.runbook,
            runbookDigest,
            mode: run.mode,
            purpose: run.purpose,
          },
          entries,
          checkpoint: note,
          leaves,
          runbook,
          inputs: input.input.inputs,
          votes: votes.map(({ id, jws, proof }) => ({ id, jws, ...(proof !== undefined && { proof }) })),
          voteKeys: [evidence.voteKey],
          ...(provider !== undefined && { providers: [provider] }),
          gates: gates.map(({ nonce, asked }) => ({ nonce, asked })),
          histories,
          outputs: await keptOutputs(stores, own),
          objectives: report.objectives,
          ...(await writtenDown(stores, firstExecutionId, own)),
          versions: evidence.versions,
        },
        [evidence.sealing.key],
      );
      await stores.ledger.append([exported({ run: firstExecutionId, actor, bytes, at: now() })]);
      return bytes;
    },

    async ledger(): Promise<LedgerStatus> {
      assertMay(await actorNow(), 'ledger.read');
      const [head, sealed] = await Promise.all([
        stores.ledger.head(),
        stores.ledger.checkpoint(),
        evidence.sealing.renew?.(),
      ]);
      const { origin, key, witnesses } = evidence.sealing;
      return {
        origin,
        key: formatVerifierKey(key),
        size: head.size,
        root: Buffer.from(head.root).toString('base64'),
        ...(sealed !== undefined && { checkpoint: sealed }),
        witnesses: witnesses.map(({ place, keys }) => ({ place, keys: keys.map(keyLabel) })),
      };
    },
  };
}

async function entriesBefore(
  { ledger }: Pick<Stores, 'ledger'>,
  size: number,
): Promise<readonly KeptEntry[]> {
  const entries: KeptEntry[] = [];
  for (let from = 0; from < size; from = (entries.at(-1)?.position ?? size) + 1) {
    const page = await ledger.page(from, ENTRIES_PER_PAGE);
    if (page.length === 0) break;
    entries.push(...page);
  }
  return entries.filter(({ position }) => position < size);
}

/** What the run answered, where it was kept by its digest. */
async function keptOutputs(
  { contents }: Pick<Stores, 'contents'>,
  entries: readonly LedgerEntry[],
): Promise<readonly string[]> {
  const digests = entries.flatMap((entry) =>
    entry.kind === 'step.ended' && entry.outputDigest !== undefined ? [entry.outputDigest] : [],
  );
  const found = await Promise.all(
    [...new Set(digests)].map((digest) =>
      contents.get(digest).then(
        (text) => [text],
        // Small ones are in the history only.
        () => [],
      ),
    ),
  );
  return found.flat();
}

async function providerOf({ evidence, stores }: DeskParts): Promise<EvidenceProvider | undefined> {
  const { provider } = evidence;
  if (provider === undefined) return undefined;
  const [keys, people] = await Promise.all([
    stores.people.providerKeys(provider.issuer),
    stores.people.providerPeople(),
  ]);
  return {
    ...provider,
    keys: keys.map(({ kid, jwk, firstSeenAt, lastSeenAt }) => ({
      kid,
      jwk: isJsonObject(jwk) ? jwk : {},
      firstSeenAt,
      lastSeenAt,
    })),
    people: people
      .filter(({ issuer }) => issuer === provider.issuer)
      .map(({ person, subject }) => ({ person, subject })),
  };
}

function exported({
  run,
  actor,
  bytes,
  at,
}: {
  readonly run: string;
  readonly actor: Actor;
  readonly bytes: Uint8Array;
  readonly at: number;
}): LedgerEntry {
  const bundleDigest = sha256(bytes);
  const key = `${run}/export/${bundleDigest}/${at}`;
  return { v: LEDGER_VERSION, kind: 'export', key, at, run, actor: actor.person, bundleDigest };
}
