import type { Outcome } from '../../model/run.ts';
import { LedgerError, type LedgerCode } from '../ledger-error.ts';
import { EvidenceProblem, ENTRIES_FILE, type EvidenceCode, type Place } from './problem.ts';
import type { Trusted } from './trust.ts';

/** What is looked at, in this order; the first thing that is wrong ends it. */
export const STAGES = ['zip', 'statement', 'checkpoint', 'inclusion', 'meaning'] as const;
export type Stage = (typeof STAGES)[number];

/** The first thing that is wrong. */
export interface Problem extends Place {
  readonly code: EvidenceCode | LedgerCode;
  readonly stage: Stage;
  readonly sentence: string;
}

/** How much was looked at. */
export interface Checked {
  readonly files: number;
  readonly entries: number;
  readonly steps: number;
  readonly gates: number;
  readonly votes: number;
  readonly intents: number;
  readonly effects: number;
  readonly notes: number;
  readonly reviews: number;
}

/** A bundle in which everything fits. */
export interface Verified {
  readonly ok: true;
  readonly run: {
    readonly runId: string;
    readonly runbook: string;
    readonly mode: string;
    readonly outcome: Outcome;
  };
  readonly ledger: { readonly origin: string; readonly size: number; readonly root: string };
  readonly checked: Checked;
  readonly trusted: readonly Trusted[];
}

/** A bundle in which something does not. */
export interface Refuted {
  readonly ok: false;
  readonly problem: Problem;
}

/** What a verification has come to. Plain data. */
export type Verdict = Verified | Refuted;

/** In which file a stage finds what it does not like. */
const FILE_OF: Partial<Record<Stage, string>> = {
  statement: 'statement.dsse.json',
  checkpoint: 'checkpoint.txt',
};

/** Makes a problem of what was thrown at a stage. @throws whatever is none of ours */
export function problemOf(error: unknown, stage: Stage): Problem {
  if (error instanceof EvidenceProblem) {
    return { code: error.code, stage, sentence: error.message, ...error.place };
  }
  if (!(error instanceof LedgerError)) throw error;
  const { code, place, message: sentence } = error;
  const at = /^entry (\d+)$/.exec(place)?.[1];
  if (at !== undefined || code === 'ledger.badEntry') {
    const position = Number(at ?? 0);
    return { code, stage, sentence, file: ENTRIES_FILE, position };
  }
  return { code, stage, sentence, file: FILE_OF[stage] ?? place };
}
