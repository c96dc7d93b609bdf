import { MusterError } from './errors.ts';

/** Whoever means a longer time ago has mistyped it: no run is started so late. */
const MAX_AGE_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Refuses a time of loss that cannot be meant: the recovery time of the run is counted from it.
 *
 * @throws MusterError `run.refused`
 */
export function assertDeclarable(declaredAt: number | undefined, now: number): void {
  if (declaredAt === undefined) return;
  const said = new Date(declaredAt).toISOString();
  if (declaredAt > now) {
    throw new MusterError('run.refused', `The loss was declared for ${said}, which is in the future.`, {
      hint: 'Give the time at which the loss was noticed, with its zone; leave it out to count from the start of the run.',
    });
  }
  if (declaredAt < now - MAX_AGE_DAYS * DAY_MS) {
    throw new MusterError(
      'run.refused',
      `The loss was declared for ${said}, which is more than ${MAX_AGE_DAYS} days ago.`,
      { hint: 'Look at the year and the month. Leave it out to count from the start of the run.' },
    );
  }
}
