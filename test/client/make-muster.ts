import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOBODY, type Actor } from '../../src/model/actor.ts';
import { storesForTest } from '../support/database.ts';
import { evidencePartsOf } from '../support/evidence-parts.ts';
import { personMuster } from '../support/person-muster.ts';
import { createMuster, type MusterParts } from '../../src/client/in-process.ts';
import type { Control } from '../../src/control/index.ts';
import { createIdentity, openKeys } from '../../src/identity/index.ts';
import type { StartRules } from '../../src/language/index.ts';

export const NOW = Date.UTC(2025, 0, 31, 3, 4, 0);

const PEOPLE: readonly Actor[] = [
  { person: 'anna', name: 'Anna', role: 'operator' },
  { person: 'bert', name: 'Bert', role: 'dr-manager' },
].map(({ role, ...who }) => ({
  ...who,
  kind: 'person',
  grants: [{ role }],
  via: 'local',
  assurance: 'asserted',
}));

export const RULES: StartRules = {
  drillAllow: ['dr-site/plan/ERP'],
  unattended: false,
  connections: [
    { name: 'dr-site', kind: 'vro' },
    { name: 'dr-backup', kind: 'vbr' },
  ],
  roles: new Map([['dr-manager', 1]]),
  people: ['anna', 'bert'],
};

/** The operations over a fake control, with real keys and a clock that moves only when something sleeps. */
export async function makeMuster(control: Control, over: Partial<MusterParts> = {}) {
  const keys = await openKeys({ folder: await mkdtemp(join(tmpdir(), 'muster-keys-')) });
  const kept: string[] = [];
  let now = NOW;
  const stores = await storesForTest({ folder: tmpdir() });
  const contents = {
    ...stores.contents,
    put: async (text: string): Promise<string> => {
      kept.push(text);
      return 'digest-of-it';
    },
  };
  const identity = createIdentity({
    accounts: new Map(PEOPLE.map(({ person, ...account }) => [person, { id: person, ...account }])),
    store: stores.people,
    trustLocal: true,
    now: () => now,
  });
  const open = (person?: string) =>
    createMuster({
      control,
      identity,
      stores: { ...stores, contents },
      actor: async () => PEOPLE.find((one) => one.person === person) ?? NOBODY,
      keys,
      evidence: evidencePartsOf(stores, keys),
      rulesFor: () => RULES,
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      ...over,
    });
  const muster = personMuster(open);
  return { muster, stores, keys, kept, elapsed: () => now - NOW };
}
