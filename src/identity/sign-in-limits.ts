import type { TryLimit } from '../store/index.ts';

/** People mistype; these tries cost no wait. */
const FREE_TRIES_OF_PERSON = 3;
/** Behind one address there may be an office. */
const FREE_TRIES_OF_SOURCE = 10;
const FIRST_WAIT_MS = 1_000;
/** A stranger must not be able to keep somebody out: nobody ever waits longer than this. */
export const MAX_WAIT_MS = 30_000;
/** After that long without a try, all is forgotten. */
export const FORGET_TRIES_MS = 15 * 60_000;
const MAX_KEY_LENGTH = 80;

/** What a try to sign in is counted under: who it is said to be, and where it comes from. */
export function limitsOf(person: string, source: string): readonly TryLimit[] {
  return [
    { key: personKey(person), blockMs: (tries) => waitMs(tries - FREE_TRIES_OF_PERSON) },
    { key: sourceKey(source), blockMs: (tries) => waitMs(tries - FREE_TRIES_OF_SOURCE) },
  ];
}

export function personKey(person: string): string {
  return `person:${person.slice(0, MAX_KEY_LENGTH)}`;
}

export function sourceKey(source: string): string {
  return `source:${source.slice(0, MAX_KEY_LENGTH)}`;
}

/** 1 s, 2 s, 4 s … 30 s. */
function waitMs(beyond: number): number {
  return beyond < 1 ? 0 : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (Math.min(beyond, 10) - 1));
}
