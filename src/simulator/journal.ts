import type { System } from './fault-schema.ts';

/** One request that changed the world. Holds no secret. */
export interface JournalEntry {
  /** Counts from 1; never used twice, also not after a reset. */
  readonly no: number;
  /** Real time, ISO 8601. */
  readonly at: string;
  readonly system: System;
  /** Method and route template: `POST /Plans/{planId}/Failover`. */
  readonly call: string;
  /** Name of the plan, or id of the recovery token. */
  readonly target: string;
  /** The user or API client who asked. */
  readonly by: string;
  /** What was asked for, with defaults filled in. */
  readonly body: unknown;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  record(entry: Omit<JournalEntry, 'no' | 'at'>): void;
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    entries,
    record: (entry) => {
      entries.push(Object.freeze({ no: entries.length + 1, at: new Date().toISOString(), ...entry }));
    },
  };
}

/** The entries of one call, of one target, or after one number; everything when nothing is asked for. */
export function entriesFor(
  entries: readonly JournalEntry[],
  {
    call,
    target,
    after = 0,
  }: { call?: string | undefined; target?: string | undefined; after?: number | undefined } = {},
): JournalEntry[] {
  return entries.filter(
    (entry) =>
      entry.no > after &&
      (call === undefined || entry.call.toLowerCase() === call.toLowerCase()) &&
      (target === undefined || entry.target === target),
  );
}
