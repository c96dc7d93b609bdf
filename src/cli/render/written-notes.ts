import type { Note } from '../../model/findings.ts';
import { inert, inertLines } from './inert.ts';
import { styled } from './style.ts';
import { shortTime } from './times.ts';

/** Notes as people read them: who and when, and their words below. */
export function noteLines(notes: readonly Note[]): string[] {
  return notes.flatMap(({ id, at, by, text, attachment }) => [
    `${styled('bold', inert(by))} ${styled('dim', `${shortTime(at)} ${inert(id)}`)}`,
    ...inertLines(text)
      .split('\n')
      .map((line) => `  ${line}`),
    ...(attachment === undefined
      ? []
      : [`  attached: ${inert(attachment.name)} (${attachment.bytes} bytes, SHA-256 ${attachment.digest})`]),
  ]);
}
