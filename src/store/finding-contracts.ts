import type { Finding, FindingChange, Note, Review } from '../model/findings.ts';

/** A note, and the run that it is about by its first execution id. */
export interface KeptNote extends Note {
  readonly run: string;
}

/** What people write down about runs; none is ever changed. */
export interface NoteStore {
  /**
   * Keeps a note with the file that goes with it, and enters it. A run has at most 1,000 notes, with 4 MB of text together.
   *
   * @param options.maxRunBytes what the files of one run may come to together
   * @returns `tooMuch` when the notes of the run would come to more: then nothing is kept
   */
  add(
    note: KeptNote,
    file: Uint8Array | undefined,
    options: { readonly maxRunBytes: number },
  ): Promise<'kept' | 'tooMuch'>;
  /** Oldest first. */
  ofRun(run: string): Promise<readonly Note[]>;
  find(id: string): Promise<KeptNote | undefined>;
  /** A file that goes with a note, checked against its digest. @throws StoreError `store.notFound`, `store.corrupt` */
  file(digest: string): Promise<Uint8Array>;
}

/** A finding as it was after one of its changes, as the ledger has its SHA-256. */
export interface FindingVersion {
  readonly id: string;
  readonly number: number;
  /** Canonical JSON. */
  readonly document: string;
}

/** A finding that is new, with the first execution id of the run that it belongs to. */
export interface NewFinding {
  readonly finding: Omit<Finding, 'history'>;
  readonly run?: string;
}

/** What comes of a finding: what is to be changed of it, and what is to be remembered of that. */
export interface ChangedFinding {
  readonly finding: Omit<Finding, 'history'>;
  readonly changes: readonly FindingChange[];
}

/** Which findings are wanted; absent fields want all. */
export interface FindingFilter {
  readonly runId?: string;
  /** Those that are not closed. */
  readonly open?: boolean;
}

/** Deficiencies, each with all that has happened to it. Every change is entered. */
export interface FindingStore {
  /** Keeps new ones; those that are known by their ids stay as they are. */
  raise(findings: readonly NewFinding[]): Promise<void>;
  /** Oldest first. */
  list(filter?: FindingFilter): Promise<readonly Finding[]>;
  find(id: string): Promise<Finding | undefined>;
  /**
   * Changes a finding; nobody else does so meanwhile. What `decide` throws is thrown on, and nothing is changed.
   *
   * @returns it as it then is; undefined when there is none
   */
  change(id: string, decide: (finding: Finding) => ChangedFinding): Promise<Finding | undefined>;
  /** Every version of every finding of a run. */
  versions(run: string): Promise<readonly FindingVersion[]>;
}

/** How reports were reviewed; none is ever changed. */
export interface ReviewStore {
  /**
   * Keeps a review and enters it.
   *
   * @returns `tooMuch` when the run has 100 already: then nothing is kept
   */
  add(review: Review): Promise<'kept' | 'tooMuch'>;
  /** Of the reports of a run, oldest first. */
  ofRun(run: string): Promise<readonly Review[]>;
  /** Of the reports of these runs, and of periods that have a time in common with this one, oldest first. */
  ofPeriod(period: {
    readonly from: number;
    readonly to: number;
    /** First execution ids. */
    readonly runs: readonly string[];
  }): Promise<readonly Review[]>;
}
