import { Client } from '@temporalio/client';
import { createMuster } from '../client/in-process.ts';
import type { Muster } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import { createControl, lazyConnection } from '../control/index.ts';
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
export function musterOn(
  { address, namespace, taskQueue }: TemporalPlace,
  { config, stores, keys }: Data,
): Muster {
  const connection = lazyConnection({ address });
  return createMuster({
    control: createControl({
      client: new Client({ connection, namespace }),
      ...(taskQueue === undefined ? {} : { taskQueue }),
    }),
    contents: stores.contents,
    keys,
    people: config.people,
    rulesFor: (runbook) => rulesOf(config, runbook),
    close: () => connection.close(),
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
