import type { InputOf, NamesWithEffect, OutputOf } from '../src/catalog/index.ts';
import type { Deps } from './deps.ts';

/** The actions of the catalog that only read. */
export type ReadName = NamesWithEffect<'read'>;

/** How one read is done: with what its schema made of `with`, on the step's connection. */
export type Read<Name extends ReadName> = (
  deps: Deps,
  input: InputOf<Name>,
  context: { readonly connection: string | undefined; readonly signal: AbortSignal },
) => Promise<OutputOf<Name>>;

/** The reads of one system; the type makes a missing one an error. */
export type ReadsOf<System extends string> = {
  readonly [Name in Extract<ReadName, `${System}.${string}`>]: Read<Name>;
};

/** Output is bounded: lists show this many and count the rest. */
export const MAX_LISTED = 50;
/** Names and sentences of servers are cut to this many characters in outputs. */
const MAX_NAME = 80;
const MAX_SENTENCE = 300;

/** A server's name for something, cut so that a list of them stays within a result. */
export function shortName(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}

/** A server's sentence, cut as names are. */
export function shortText(text: string): string {
  return text.length <= MAX_SENTENCE ? text : `${text.slice(0, MAX_SENTENCE - 1)}…`;
}
