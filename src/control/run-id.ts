import { randomInt } from 'node:crypto';
import { ControlError } from './errors.ts';

/**
 * A run id goes into commands that people type, into file names and into Temporal: nothing else may be in it. That of a run
 * which a step of another run has started is the other's id, a dot, and the path of the step with dots.
 */
const RUN_ID = /^[a-z][a-z0-9-]{2,80}(?:\.[\w%.-]{1,600})?$/;
/** Crockford's alphabet: no letter that is taken for a digit, or for another letter, on the phone at 3 a.m. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_LETTERS = 6;
/** Leaves room for the date and the random part. */
const MAX_NAME_LENGTH = 60;

/** Whether `text` has the form of a run id. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** @throws ControlError `run.badId`, so that nothing else than a run id is ever sent to Temporal */
export function assertRunId(text: string): void {
  if (!isRunId(text)) throw new ControlError('run.badId');
}

/** A new run id, `<runbook>-<yyyymmdd>-<6 random letters>`, the day in UTC. `now` is in milliseconds since 1970. */
export function newRunId(runbook: string, now: number = Date.now()): string {
  const name = runbook
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, '');
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const random = Array.from({ length: RANDOM_LETTERS }, () =>
    ALPHABET.charAt(randomInt(ALPHABET.length)),
  ).join('');
  return `${name === '' ? 'run' : name}-${day}-${random}`;
}
