import type { CallOptions } from '../calls.ts';
import type { Page } from '../paging.ts';
import { recoveryLocation } from '../schemas/recovery-location.ts';
import type { RecoveryLocation } from '../types.ts';
import { idOf } from './vro-calls.ts';
import type { VroCollectOptions, VroCalls } from './vro-calls.ts';

/** Where plans recover to. */
export interface RecoveryLocations {
  /** Read page by page; `data` shorter than `total` means that the limit cut it. */
  list(options?: VroCollectOptions): Promise<Page<RecoveryLocation>>;
  get(recoveryLocationId: string, options?: CallOptions): Promise<RecoveryLocation>;
}

export function recoveryLocations(calls: VroCalls): RecoveryLocations {
  return {
    list: (options) =>
      calls.collect('recoveryLocations.list', { item: recoveryLocation, keyOf: idOf }, options),
    get: (recoveryLocationId, options) =>
      calls.read(
        'recoveryLocations.get',
        { params: { recoveryLocationId }, schema: recoveryLocation },
        options,
      ),
  };
}
