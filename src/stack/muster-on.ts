import { Client } from '@temporalio/client';
import { createMuster } from '../client/in-process.ts';
import type { Muster } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import { createControl, lazyConnection, type Control } from '../control/index.ts';
import type { StartRules } from '../language/index.ts';
import type { Data } from './data.ts';

/** Where runs live. */
export interface TemporalPlace {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** Default `muster`. */
  readonly taskQueue?: string;
}

/** The operations of muster in this process, on a Temporal server. It connects at the first call that needs it. */
export function musterOn({ address, namespace, taskQueue }: TemporalPlace, data: Data): Muster {
  const connection = lazyConnection({ address });
  const client = new Client({ connection, namespace });
  const control = createControl({ client, ...(taskQueue === undefined ? {} : { taskQueue }) });
  return musterWith(control, data, () => connection.close());
}

/** The operations of muster in this process, over a control. */
export function musterWith(
  control: Control,
  { config, stores, keys }: Data,
  close: () => Promise<void> = async () => undefined,
): Muster {
  return createMuster({
    control,
    contents: stores.contents,
    keys,
    people: config.people,
    rulesFor: (runbook) => rulesOf(config, runbook),
    close,
  });
}

/** What the configuration says about starting a runbook. */
export function rulesOf({ connections, drill, unattended, people }: Config, runbook: string): StartRules {
  const all = [...people.values()];
  const roles = new Set(all.flatMap((person) => person.roles));
  return {
    drillAllow: drill.allow,
    unattended: unattended.includes(runbook),
    connections: [...connections.values()].map(({ name, kind }) => ({ name, kind })),
    roles: new Map(
      [...roles].map((role) => [role, all.filter((person) => person.roles.includes(role)).length]),
    ),
    people: [...people.keys()],
  };
}
