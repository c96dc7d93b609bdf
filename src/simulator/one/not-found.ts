import { SimulatorError } from '../errors.ts';

/** The one thing with this id. Throws `UNKNOWN_RESOURCE`. */
export function only<T>(found: T | undefined, what: string, id: string): T {
  if (found !== undefined) return found;
  throw new SimulatorError('UNKNOWN_RESOURCE', `There is no ${what} with the id ${id}.`);
}
