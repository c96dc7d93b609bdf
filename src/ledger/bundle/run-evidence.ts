import type { KeyObject } from 'node:crypto';
import type { Hash } from '../../merkle/index.ts';
import type { JsonObject } from '../../model/json.ts';
import type { MeasuredObjectives } from '../../model/objectives.ts';
import type { Mode, Purpose } from '../../model/runbook.ts';
import type { KeptEntry } from '../../store/index.ts';
import type { RedactionRule } from './redaction.ts';

/** All that the bundle of one run is made of. Whoever gathers it asks the store and Temporal; nothing here does. */
export interface RunEvidence {
  readonly run: EvidenceRun;
  /** Those of the run and those it depends on, in the order of positions; see `evidenceEntries`. */
  readonly entries: readonly KeptEntry[];
  /** A checkpoint that holds all of them: the signed note, with the lines of witnesses. */
  readonly checkpoint: string;
  /** The leaf hashes of the ledger, as many as the checkpoint says or more. */
  readonly leaves: readonly Hash[];
  /** The compiled runbook as it is kept: canonical JSON. */
  readonly runbook: string;
  /** The runbook as its authors wrote it, where it is still known. */
  readonly runbookText?: string;
  readonly inputs: JsonObject;
  /** One for each `vote` entry. */
  readonly votes: readonly EvidenceVote[];
  /** The public keys that muster has signed votes with. */
  readonly voteKeys: readonly KeyObject[];
  /** The identity providers whose ID tokens go with votes. */
  readonly providers?: readonly EvidenceProvider[];
  /** One for each `gate.opened` entry: what was asked, with the rules. */
  readonly gates: readonly EvidenceGate[];
  /** The executions of the run, oldest first, as Temporal tells them (`historyToJSON`); empty when it has forgotten them. */
  readonly histories: readonly EvidenceHistory[];
  /** What is taken out of the histories; default `HISTORY_REDACTIONS`. */
  readonly redactionRules?: readonly RedactionRule[];
  /** Outputs that are kept by their digest, as texts. */
  readonly outputs?: readonly string[];
  readonly objectives: MeasuredObjectives;
  readonly notes?: readonly EvidenceNote[];
  /** One for each `review` entry. */
  readonly reviews?: readonly EvidenceReview[];
  /** One for each `finding` entry. */
  readonly findings?: readonly EvidenceFinding[];
  /** Of muster, Node, Temporal and whatever else had a part in it, by name. */
  readonly versions: { readonly [component: string]: string };
}

/** Which run it is. */
export interface EvidenceRun {
  /** The workflow id. */
  readonly runId: string;
  readonly firstExecutionId: string;
  readonly runbook: string;
  readonly runbookDigest: string;
  readonly mode: Mode;
  readonly purpose: Purpose;
}

export interface EvidenceVote {
  readonly id: string;
  readonly jws: string;
  /** The ID token that goes with it. */
  readonly proof?: string;
}

export interface EvidenceGate {
  readonly nonce: string;
  readonly asked: JsonObject;
}

export interface EvidenceHistory {
  readonly executionId: string;
  readonly history: JsonObject;
}

/** Somebody else who vouches for people. */
export interface EvidenceProvider {
  readonly issuer: string;
  /** Our client id: whom its ID tokens are for. */
  readonly audience: string;
  /** Whether every vote of its people needs an ID token of its own (`freshVotes`). */
  readonly provesVotes: boolean;
  /** Where its keys came from, for people: an address. */
  readonly source: string;
  readonly keys: readonly EvidenceProviderKey[];
  /** Which account there is which person here. */
  readonly people: readonly { readonly person: string; readonly subject: string }[];
}

export interface EvidenceProviderKey {
  readonly kid: string;
  readonly jwk: JsonObject;
  /** When the provider listed it first and last, in milliseconds since 1970. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** A signed review of a report of the run. */
export interface EvidenceReview {
  readonly id: string;
  readonly jws: string;
  /** The report that it is about, as canonical JSON. */
  readonly report: string;
}

/** A finding as it was after one of its changes. */
export interface EvidenceFinding {
  readonly id: string;
  readonly number: number;
  readonly finding: JsonObject;
}

/** A note that somebody wrote about the run, with files by their SHA-256. */
export interface EvidenceNote {
  readonly id: string;
  readonly text: string;
  readonly attachments?: readonly Uint8Array[];
}
