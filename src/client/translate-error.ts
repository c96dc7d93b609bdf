import { ControlError, type ControlErrorCode } from '../control/index.ts';
import { MusterError, type MusterErrorCode } from './errors.ts';

const CODES: Readonly<Record<ControlErrorCode, MusterErrorCode>> = {
  'temporal.unreachable': 'temporal.unreachable',
  'temporal.refused': 'temporal.refused',
  'schedule.notFound': 'schedule.notFound',
  'run.notFound': 'run.notFound',
  'run.badId': 'run.notFound',
  'run.exists': 'run.refused',
  'run.ended': 'run.ended',
  'run.unanswered': 'run.unanswered',
  'run.broken': 'run.broken',
};

/** Calls Temporal, and says what went wrong in the words of {@link MusterError}. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    const { message, hint } = error;
    throw new MusterError(CODES[error.code], message, { ...(hint !== undefined && { hint }), cause: error });
  }
}
