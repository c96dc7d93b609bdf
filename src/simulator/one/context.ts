import type { Clock } from '../clock.ts';
import type { ServerContext } from '../context.ts';
import type { Collection } from './collection.ts';

/** What the routes of the simulated Veeam ONE share. */
export interface OneContext extends ServerContext {
  readonly clock: Clock;
  readonly collection: Collection;
}

/** The API versions one server answers; they differ in how alarms look. */
export const ONE_VERSIONS = ['v2.2', 'v2.3'] as const;
export type OneVersion = (typeof ONE_VERSIONS)[number];
