import { stableId } from '../ids.ts';

/** A time as it stands in an answer. */
export function isoTime(milliseconds: number): string;
export function isoTime(milliseconds: number | undefined): string | null;
export function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

/** A positive number for something that only has an id elsewhere; always the same, of at most 31 bits. */
export function numberFor(id: string): number {
  return (Number.parseInt(stableId(id).slice(0, 8), 16) % (2 ** 31 - 1)) + 1;
}

/** The repository everything is backed up to. */
export const REPOSITORY = {
  repositoryId: 1,
  repositoryUidInVbr: stableId('repository/main'),
  type: 'LinuxHardened',
  name: 'Hardened repository 1',
} as const;

/** Size of an increment in bytes, as a share of what a machine uses. */
export function incrementBytes(usedBytes: number): number {
  return Math.round(usedBytes / 20);
}
