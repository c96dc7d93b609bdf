import { describe, expect, test } from 'vitest';
import type { SpokenRequest } from '../../src/client/index.ts';
import { codeOfGate, createIdentity, type Account } from '../../src/identity/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { timeline, waitingStep } from '../cli/sample-run.ts';
import { storesForTest } from '../support/database.ts';
import { fakeControl } from './fake-control.ts';
import { makeMuster, NOW } from './make-muster.ts';
import { tmpdir } from 'node:os';

const RUN = 'dr-drill-20250131-k7m2qz';
const ACCOUNTS: readonly Account[] = [
  { id: 'anna', name: 'Anna', kind: 'person', grants: [{ role: 'operator' }] },
  { id: 'bert', name: 'Bert', kind: 'person', grants: [{ role: 'dr-manager' }] },
  { id: 'emil', name: 'Emil', kind: 'person', grants: [{ role: 'operator' }] },
  { id: 'gast', name: 'Gast', kind: 'person', grants: [{ role: 'viewer' }] },
  { id: 'robot', name: 'Robot', kind: 'service', grants: [{ role: 'dr-manager' }] },
  { id: 'glass', name: 'Glass', kind: 'break-glass', grants: [{ role: 'operator' }] },
];

/** Operations over one approval that is open, each by whoever is named. */
async function scene({ allowed = true }: { readonly allowed?: boolean } = {}) {
  const control = fakeControl({ timeline: () => timeline([waitingStep()]) });
  const stores = await storesForTest({ folder: tmpdir() });
  const identity = createIdentity({
    accounts: new Map(ACCOUNTS.map((account) => [account.id, account])),
    store: stores.people,
  });
  const actors = ACCOUNTS.map(({ id, name, kind, grants }): Actor => {
    const via = kind === 'break-glass' ? 'break-glass' : 'password';
    return { person: id, name, kind, grants, via, assurance: 'password' };
  });
  let now = NOW;
  const as = async (person: string) => {
    const actor = actors.find((one) => one.person === person);
    if (actor === undefined) throw new Error(`nobody is called ${person}`);
    const { muster } = await makeMuster(control, {
      identity,
      stores,
      actor: async () => actor,
      emergency: () => ({ spoken: allowed, breakGlass: allowed }),
      now: () => now,
      sleep: async () => undefined,
    });
    return muster.as(person);
  };
  const { path, gate } = waitingStep();
  const kept = {
    nonce: gate?.nonce ?? '',
    run: 'first-1',
    runId: RUN,
    path,
    kind: 'approval',
    title: 'Go?',
    digest: gate?.digest ?? '',
    asked: { spokenSalt: 'salt' },
    openedAt: NOW,
  } as const;
  await stores.gates.open({ ...kept, asked: { ...kept.asked, ...questionOf(gate) } });
  const code = codeOfGate(kept) ?? '';
  const said: SpokenRequest = { runId: RUN, gate: path, approver: 'bert', code, decision: 'approve' };
  const pass = (ms: number): void => {
    now += ms;
  };
  const refused = async (): Promise<string[]> =>
    (await stores.spoken.refused('first-1', 20)).latest.map(({ refusal }) => refusal);
  return { as, control, said, code, pass, refused, stores };
}

function questionOf(gate: ReturnType<typeof waitingStep>['gate']) {
  const json: unknown = JSON.parse(
    JSON.stringify({ runbook: 'dr-drill', offers: gate?.offers, policy: gate?.policy }),
  );
  return json as Record<string, never>;
}

function claimsOf(jws: string | undefined): VoteClaims {
  return JSON.parse(Buffer.from(jws?.split('.')[1] ?? '', 'base64url').toString()) as VoteClaims;
}

describe('a spoken vote', () => {
  test('is sent when two have entered it, in the name of whoever has spoken', async () => {
    const { as, said, control, stores } = await scene();
    const first = await (await as('anna')).spoken({ ...said, comment: 'he is on the road' });
    expect([first, control.votes]).toEqual([{ state: 'waitsForWitness', until: NOW + 900_000 }, []]);
    const second = await (await as('emil')).spoken({ ...said, code: said.code.toLowerCase() });
    expect(second).toMatchObject({ state: 'counted', heardBy: ['anna', 'emil'] });
    const vote = claimsOf(control.votes[0]);
    expect(vote).toMatchObject({
      person: 'bert',
      roles: ['dr-manager'],
      assurance: 'spoken',
      heardBy: ['anna', 'emil'],
      comment: 'he is on the road',
    });
    expect((await stores.spoken.of(vote.id)).map(({ witness }) => witness).sort()).toEqual(['anna', 'emil']);
  });

  test('waits for the second witness for 15 minutes', async () => {
    const { as, said, pass, control } = await scene();
    await (await as('anna')).spoken(said);
    pass(900_001);
    expect(await (await as('emil')).spoken(said)).toMatchObject({ state: 'waitsForWitness' });
    expect(control.votes).toEqual([]);
  });

  const bad: readonly (readonly [string, string, string, Partial<SpokenRequest>])[] = [
    ['a wrong code', 'anna', 'wrongCode', { code: 'AAAA-AAAA' }],
    ['whoever has spoken as a witness', 'bert', 'ownWitness', {}],
    ['a stranger who has spoken', 'anna', 'unknownPerson', { approver: 'mallory' }],
    ['a service that has spoken', 'anna', 'notAPerson', { approver: 'robot' }],
    ['an emergency account that has spoken', 'anna', 'notAPerson', { approver: 'glass' }],
    ['somebody without the role', 'anna', 'noRole', { approver: 'gast' }],
    ['the starter who has spoken', 'emil', 'excluded', { approver: 'anna' }],
  ];
  test.each(bad)('refuses and keeps %s', async (_what, witness, refusal, changes) => {
    const { as, said, refused, control } = await scene();
    const entered = (await as(witness)).spoken({ ...said, ...changes });
    await expect(entered).rejects.toMatchObject({ code: 'vote.refused' });
    expect([await refused(), control.votes]).toEqual([[refusal], []]);
  });

  test('refuses the same witness twice', async () => {
    const { as, said, refused, control } = await scene();
    const anna = await as('anna');
    await anna.spoken(said);
    await expect(anna.spoken(said)).rejects.toMatchObject({ code: 'vote.refused' });
    expect([await refused(), control.votes]).toEqual([['sameWitness'], []]);
  });

  test('refuses the right code after five wrong ones', async () => {
    const { as, said, refused } = await scene();
    const anna = await as('anna');
    const codes = [...Array<string>(5).fill('AAAA-AAAA'), said.code];
    for (const code of codes) await anna.spoken({ ...said, code }).catch(() => undefined);
    expect((await refused()).sort()).toEqual(['tooManyCodes', ...Array<string>(5).fill('wrongCode')]);
  });

  test('is refused and kept where the configuration does not allow it', async () => {
    const { as, said, refused } = await scene({ allowed: false });
    await expect((await as('anna')).spoken(said)).rejects.toMatchObject({ code: 'vote.refused' });
    expect(await refused()).toEqual(['spokenNotAllowed']);
  });

  test.each(['gast', 'robot', 'glass'])('is not entered by %s', async (witness) => {
    const { as, said } = await scene();
    await expect((await as(witness)).spoken(said)).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });

  test('that did not count is listed with the other refusals of the run', async () => {
    const { as, said } = await scene();
    const anna = await as('anna');
    await anna.spoken({ ...said, code: 'AAAA-AAAA' }).catch(() => undefined);
    expect(await anna.refusals(RUN)).toMatchObject({
      total: 1,
      latest: [{ refusal: 'wrongCode', claimedPerson: 'bert', detail: 'Entered by anna as a spoken vote.' }],
    });
  });
});

describe('the code', () => {
  test.each([
    ['bert', true],
    ['anna', false],
    ['emil', false],
    ['gast', false],
    ['glass', false],
  ])('on the card of %s: %s', async (person, isShown) => {
    const { as, said, code } = await scene();
    const muster = await as(person);
    const card = await muster.card({ runId: RUN, gate: said.gate });
    expect(card.spokenCode).toBe(isShown ? code : undefined);
    const others = JSON.stringify([isShown ? '' : card, await muster.inbox(), await muster.show(RUN)]);
    expect([others.includes(code), others.includes('salt')]).toEqual([false, false]);
  });

  test('is on no card where it is of no use', async () => {
    const { as, said } = await scene({ allowed: false });
    const card = await (await as('bert')).card({ runId: RUN, gate: said.gate });
    expect([card.spokenCode, card.emergency]).toEqual([undefined, undefined]);
  });
});

describe('a break-glass approval', () => {
  test.each(['anna', 'glass'])('is sent as a deviation by %s', async (person) => {
    const { as, control, said } = await scene();
    await (await as(person)).breakGlass({ runId: RUN, gate: said.gate, reason: ' nobody answers ' });
    expect(claimsOf(control.votes[0])).toMatchObject({
      person,
      decision: 'approve',
      comment: 'nobody answers',
      deviation: 'break-glass',
    });
  });

  test('needs a reason', async () => {
    const { as, control, said } = await scene();
    const alone = (await as('anna')).breakGlass({ runId: RUN, gate: said.gate, reason: ' x ' });
    await expect(alone).rejects.toMatchObject({ code: 'vote.refused' });
    expect(control.votes).toEqual([]);
  });

  test('is refused where the configuration does not allow it', async () => {
    const { as, control, said } = await scene({ allowed: false });
    const alone = (await as('anna')).breakGlass({ runId: RUN, gate: said.gate, reason: 'nobody answers' });
    await expect(alone).rejects.toMatchObject({ code: 'vote.refused' });
    expect(control.votes).toEqual([]);
  });

  test.each(['gast', 'robot'])('is not for %s', async (person) => {
    const { as, said } = await scene();
    const alone = (await as(person)).breakGlass({ runId: RUN, gate: said.gate, reason: 'nobody answers' });
    await expect(alone).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });
});
