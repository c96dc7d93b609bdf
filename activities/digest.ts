import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '../src/model/json.ts';
import type { CoveredStep } from '../src/model/vote.ts';

/** SHA-256 of the canonical JSON of a value, in hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** What the people at an approval say yes to. */
export function approvalDigest(subject: {
  readonly runbookDigest: string;
  readonly gate: string;
  readonly covered: readonly CoveredStep[];
}): string {
  return digestOf({ kind: 'approval', ...subject });
}

/** Names one opening of a gate. */
export function newNonce(): string {
  return randomUUID();
}
