import { Client, type Connection } from '@temporalio/client';
import type { Config } from '../config/index.ts';
import { createControl, lazyConnection, type Control } from '../control/index.ts';
import { lazyControl } from './lazy-control.ts';
import { noControl } from './no-control.ts';
import type { StackFile } from './stack-file.ts';
import { temporalOptions, type TemporalPlace } from './temporal-place.ts';

/** A control, and how its connection is closed. */
export interface OpenControl {
  readonly control: Control;
  readonly close: () => Promise<void>;
}

/**
 * The control over a Temporal server. It connects at the first call that needs it: only then are its certificates and its
 * key read.
 */
export function controlOn(place: TemporalPlace, config: Pick<Config, 'secretOf'>): OpenControl {
  const { namespace, taskQueue } = place;
  let connection: Connection | undefined;
  const control = lazyControl(async () => {
    connection = lazyConnection(await temporalOptions(place, config));
    const client = new Client({ connection, namespace });
    return createControl({ client, ...(taskQueue === undefined ? {} : { taskQueue }) });
  });
  return { control, close: async () => connection?.close() };
}

/** The control over the Temporal that the configuration names, or over that of the stack that runs on the data folder. */
export function controlFor(
  config: Pick<Config, 'temporal' | 'secretOf'>,
  stack: StackFile | undefined,
  dataDir: string,
): OpenControl {
  const place = config.temporal ?? stack?.temporal;
  if (place?.address !== undefined) return controlOn({ ...place, address: place.address }, config);
  // Commands that need no server work all the same.
  const why = `No muster stack runs on ${dataDir}, and muster.yaml names no Temporal server.`;
  return { control: noControl(why), close: async () => undefined };
}
