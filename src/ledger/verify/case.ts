import type { CompiledRunbook } from '../../model/runbook.ts';
import type { z } from 'zod';
import type { Entries, EntryOf, Placed } from './entries.ts';
import type { runDocument } from './documents.ts';
import type { BundleFiles } from './files.ts';
import type { Trust } from './trust.ts';

/**
 * Clocks of workers, of the database and of Temporal's server are not one clock. What lies further apart than this is out of
 * order.
 */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** What is looked at: a bundle whose files, signatures and proofs hold, and the run that it is about. */
export interface Case {
  readonly files: BundleFiles;
  readonly entries: Entries;
  readonly run: z.output<typeof runDocument>;
  readonly runbook: CompiledRunbook;
  readonly started: Placed<'run.started'>;
  readonly ended: Placed<'run.ended'>;
  readonly trust: Trust;
}

/** A step of a run that has ended. */
export type StepEnd = EntryOf<'step.ended'>;
