import { stripVTControlCharacters } from 'node:util';
import type { CliContext, CliWorld } from './context.ts';

/** Characters that JSON leaves as they are and a terminal may obey: C1 controls, DEL, and what reorders text. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text without its colours. */
export function plain(text: string): string {
  return stripVTControlCharacters(text);
}

/** Writes text for people to stdout, with a line break. */
export function print({ stdout, colour }: CliWorld, text: string): void {
  stdout.write(`${colour ? text : plain(text)}\n`);
}

/** Writes one JSON value on a line of its own; it is the same value to every parser, and inert on a terminal. */
export function printJson({ stdout }: CliWorld, value: unknown): void {
  const text = JSON.stringify(value).replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  stdout.write(`${text}\n`);
}

/** Answers in the form that was asked for: the value as JSON, or the text for people. */
export function answer(context: CliContext, { value, text }: { value: unknown; text: () => string }): void {
  if (context.json) printJson(context, value);
  else print(context, text());
}
