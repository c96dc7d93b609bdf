import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createFindingDesk } from '../../src/client/findings.ts';
import type { PersonNow } from '../../src/identity/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import { actorWith } from '../identity/actors.ts';
import { storesForTest } from '../support/database.ts';
import { fakeControl } from './fake-control.ts';

const PEOPLE: readonly PersonNow[] = [
  { id: 'boris', name: 'Boris', kind: 'person', grants: [] },
  { id: 'robot', name: 'A robot', kind: 'service', grants: [] },
  {
    id: 'gone',
    name: 'Gone',
    kind: 'person',
    grants: [],
    revoked: { by: 'ada', reason: 'left', at: 1 },
  },
];
const ANNA = actorWith(['operator']);

/** The findings, for whoever is asked for, and one of them. */
async function newFindings() {
  const stores = await storesForTest({ folder: tmpdir() });
  const as = (actor: Actor) =>
    createFindingDesk({
      control: fakeControl(),
      stores,
      identity: { person: async (id) => PEOPLE.find((one) => one.id === id) },
      actor: async () => actor,
      now: () => 2_000,
    });
  const { id } = await as(ANNA).raise({ text: 'It was slow.', severity: 'low', runbook: 'erp' });
  return { stores, as, id };
}

describe('whoever owns a finding', () => {
  it('is kept by their id', async () => {
    const { as, id } = await newFindings();
    expect(await as(ANNA).assign({ id, owner: ' boris ' })).toMatchObject({ owner: 'boris' });
  });

  it.each([
    ['Boris', /Nobody is called Boris/],
    ['robot', /no person/],
    ['gone', /revoked/],
  ])('is a person that is known, not %s', async (owner, message) => {
    const { as, id } = await newFindings();
    await expect(as(ANNA).assign({ id, owner })).rejects.toMatchObject({
      code: 'finding.refused',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('muster people') as string,
    });
  });

  it('is not looked up for somebody who may not change it', async () => {
    const { as, id } = await newFindings();
    const assigned = as(actorWith(['viewer'])).assign({ id, owner: 'nobody' });
    await expect(assigned).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });
});

describe('a run that proves a repair', () => {
  it('is one that the closer may see', async () => {
    const { stores, as, id } = await newFindings();
    const run = {
      runId: 'run-2',
      firstExecutionId: 'second',
      runbook: 'crm',
      digest: 'd'.repeat(64),
      mode: 'drill',
      purpose: 'exercise',
      starter: 'anna',
      startedAt: 3_000,
    } as const;
    await stores.runs.begin(run);
    await stores.runs.end('run-2', { endedAt: 3_500, outcome: 'succeeded' });
    await as(ANNA).repair({ id, text: 'faster' });
    const of = (runbooks: string) =>
      as(actorWith([{ role: 'auditor', runbooks }], { person: 'emil' })).close({ id, evidence: ['run-2'] });
    await expect(of('erp')).rejects.toMatchObject({
      code: 'finding.refused',
      message: expect.stringContaining('run-2 is no run that you may see') as string,
    });
    expect((await of('*')).state).toBe('closed');
  });
});
