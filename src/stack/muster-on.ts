import { createMuster } from '../client/in-process.ts';
import type { Muster } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import type { Control } from '../control/index.ts';
import type { StartRules } from '../language/index.ts';
import type { Data } from './data.ts';
import { controlOn } from './temporal-control.ts';
import type { TemporalPlace } from './temporal-place.ts';

/** The operations of muster in this process, on a Temporal server; it connects at the first call that needs it. */
export function musterOn(place: TemporalPlace, data: Data): Muster {
  const { control, close } = controlOn(place, data.config);
  return musterWith(control, data, close);
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
export function rulesOf(
  { connections, drill, unattended, published, people }: Config,
  runbook: string,
): StartRules {
  const all = [...people.values()];
  const roles = new Set(all.flatMap((person) => person.roles));
  return {
    drillAllow: drill.allow,
    unattended: unattended.includes(runbook),
    ...(published === undefined ? {} : { published }),
    connections: [...connections.values()].map(({ name, kind }) => ({ name, kind })),
    roles: new Map(
      [...roles].map((role) => [role, all.filter((person) => person.roles.includes(role)).length]),
    ),
    people: [...people.keys()],
    rolesOf: new Map(all.map(({ id, roles: held }) => [id, held])),
  };
}
