import type { LedgerEntry, LedgerKind } from '../model/ledger-entry.ts';

/** An entry as it lies in the ledger. */
export interface KeptEntry {
  /** From 0, without gaps; given when it was committed. */
  readonly position: number;
  /** Its canonical text: the leaf of the tree is the hash of these bytes, so it is what proofs are about. */
  readonly text: string;
}

/** What is left of an entry whose text was removed by a recorded pruning. */
export interface PrunedEntry {
  readonly position: number;
  /** Its leaf hash, in hex: the tree stands as it stood. */
  readonly leaf: string;
}

/** A place in the ledger, whether its text is there or not. */
export type LedgerRow = KeptEntry | PrunedEntry;

/** A checkpoint as it was signed: the text of a C2SP signed note. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
}

/** The tree as it stands. */
export interface LedgerHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The append-only record. Entries of one process and of several are in one order, without gaps. */
export interface LedgerStore {
  /** Enters what is not there yet, all of it or nothing; an entry with a known key stays as it was. */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  head(): Promise<LedgerHead>;
  /** Entries from a position on, in order; those without a text are left out. */
  page(from: number, limit: number): Promise<readonly KeptEntry[]>;
  /** Every place from a position on, in order, without gaps. */
  rows(from: number, limit: number): Promise<readonly LedgerRow[]>;
  /** All that belong to a run, in order. */
  ofRun(run: string): Promise<readonly KeptEntry[]>;
  /** Where the ends of these runs stand, by first execution id; absent: none is entered. */
  endsOf(runs: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** All of a kind, in order. */
  ofKind(kind: LedgerKind): Promise<readonly KeptEntry[]>;
  /** The leaf hashes of the first `size` entries. 100,000 are 3 MB. */
  leafHashes(size: number): Promise<readonly Uint8Array[]>;
  keepCheckpoint(checkpoint: KeptCheckpoint): Promise<void>;
  /** The newest, or the oldest that holds at least this many entries. */
  checkpoint(holding?: number): Promise<KeptCheckpoint | undefined>;
  checkpoints(): Promise<readonly KeptCheckpoint[]>;
  /** Those of more than so many entries, the smallest first. */
  checkpointPage(after: number, limit: number): Promise<readonly KeptCheckpoint[]>;
}
