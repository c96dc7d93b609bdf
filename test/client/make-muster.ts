import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMuster, type MusterParts } from '../../src/client/in-process.ts';
import type { Control } from '../../src/control/index.ts';
import { openKeys } from '../../src/identity/index.ts';
import type { StartRules } from '../../src/language/index.ts';

export const NOW = Date.UTC(2025, 0, 31, 3, 4, 0);

const PEOPLE = [
  { id: 'anna', name: 'Anna', roles: ['operator'] },
  { id: 'bert', name: 'Bert', roles: ['dr-manager'] },
];

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
  const muster = createMuster({
    control,
    contents: {
      put: async (text) => {
        kept.push(text);
        return 'digest-of-it';
      },
    },
    keys,
    people: new Map(PEOPLE.map((person) => [person.id, person])),
    rulesFor: () => RULES,
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    ...over,
  });
  return { muster, keys, kept, elapsed: () => now - NOW };
}
