import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { approvalDigest } from '../../activities/digest.ts';
import { assertAllowed } from '../../activities/effects/permission.ts';
import type { Deps } from '../../activities/index.ts';
import { authenticVote } from '../../activities/votes.ts';
import { codeOfGate, newVoteId, openKeys, signVote, verifyVote } from '../../src/identity/index.ts';
import type { PersonNow } from '../../src/identity/index.ts';
import { canonicalText, compileRunbook } from '../../src/language/index.ts';
import type { EmergencyRules } from '../../src/model/emergency.ts';
import type { CoveredStep, VoteClaims } from '../../src/model/vote.ts';
import type { HeardVote } from '../../src/model/witness.ts';
import type { KeptGate } from '../../src/store/index.ts';
import { commandInput, makeDeps, observed, PLAN, RUN } from './support.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-emergency-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const keys = await openKeys({ folder });

const RUNBOOK = `
apiVersion: muster/v1
name: canary
title: Fail over when a manager says so
authors: [carla]
connections: { vro: dr-site }
steps:
  - id: go
    approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }], exclude: [starter, author] }
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
`;
const FAILOVER: CoveredStep = {
  path: 'failover',
  action: 'vro.failover',
  with: { plan: 'ERP-CANARY' },
  target: PLAN,
};
const EVERYWHERE: EmergencyRules = { spoken: ['*'], breakGlass: ['*'] };

function somebody(id: string, role: string, changes: Partial<PersonNow> = {}): [string, PersonNow] {
  return [id, { id, name: id, kind: 'person', grants: [{ role }], ...changes }];
}

/** A live run whose approval is open, and the people around it. */
async function scene({ emergency = EVERYWHERE }: { readonly emergency?: EmergencyRules } = {}) {
  const people = new Map<string, PersonNow>([
    somebody('anna', 'operator'),
    somebody('boris', 'dr-manager'),
    somebody('carla', 'dr-manager'),
    somebody('emil', 'operator'),
    somebody('viewer', 'viewer'),
    somebody('robot', 'operator', { kind: 'service' }),
    somebody('glass', 'operator', { kind: 'break-glass' }),
  ]);
  const deps = await makeDeps({
    policy: { drillAllow: [], unattended: [], emergency },
    person: async (id) => people.get(id),
    // The provider would have to sign every vote of these people.
    needsProof: ({ kind }) => kind === 'person',
    verifyVote: (jws, { at } = {}) => verifyVote([keys], jws, at === undefined ? {} : { now: at }),
  });
  const { runbook } = compileRunbook({ file: 'canary.yaml', text: RUNBOOK });
  if (runbook === undefined) throw new Error('the runbook of this test does not compile');
  const runbookDigest = await deps.stores.contents.put(canonicalText(runbook));
  const digest = approvalDigest({ runbookDigest, gate: 'go', covered: [FAILOVER] });
  const gate: KeptGate = {
    nonce: 'n-1',
    run: RUN.firstExecutionId,
    runId: RUN.runId,
    path: 'go',
    kind: 'approval',
    title: 'Now?',
    digest,
    asked: {
      spokenSalt: 'salt',
      policy: { rules: [], exclude: ['starter', 'author'], starter: 'anna', authors: ['carla'] },
    },
    openedAt: deps.now(),
  };
  await deps.stores.gates.open(gate);
  return { deps, people, gate, digest, runbookDigest };
}
type Scene = Awaited<ReturnType<typeof scene>>;

/** Two witnesses enter what boris said, and it is signed. */
async function spokenVote(
  { deps, gate, digest }: Scene,
  {
    witnesses = ['anna', 'emil'],
    changes = {},
    heard = {},
  }: {
    readonly witnesses?: readonly string[];
    readonly changes?: Partial<VoteClaims>;
    readonly heard?: Partial<HeardVote>;
  } = {},
): Promise<string> {
  const said = claims({ digest, assurance: 'spoken', heardBy: ['anna', 'emil'], ...changes });
  for (const witness of witnesses) {
    const entered: HeardVote = {
      run: said.run,
      runId: RUN.runId,
      gate: 'go',
      nonce: gate.nonce,
      digest,
      approver: 'boris',
      decision: 'approve',
      witness,
      code: codeOfGate(gate) ?? '',
      at: deps.now(),
      ...heard,
    };
    await deps.stores.spoken.hear(entered, { vote: said.id, since: 0, isRight: true, maxWrong: 5 });
  }
  return signVote(keys, said);
}

function claims(changes: Partial<VoteClaims>): VoteClaims {
  return {
    id: newVoteId(),
    run: RUN.firstExecutionId,
    gate: 'go',
    nonce: 'n-1',
    digest: '',
    decision: 'approve',
    person: 'boris',
    roles: ['dr-manager'],
    iat: 1_700_000_000,
    exp: 1_700_000_600,
    ...changes,
  };
}

/** Why a vote does not count; `ok` when it does. */
async function verdictOn(deps: Deps, jws: string): Promise<string> {
  const seen = await authenticVote(deps, jws, { runbook: 'canary', at: 0 });
  return seen.ok ? 'ok' : seen.refusal;
}

/** Whether the failover may be sent with this vote. */
async function fence({ deps, digest, runbookDigest }: Scene, jws: string): Promise<void> {
  const cover = { gate: 'go', nonce: 'n-1', digest, covered: [FAILOVER], votes: [jws] };
  const run = { ...RUN, runbookDigest, mode: 'live' } as const;
  await assertAllowed(deps, commandInput({ run, covers: [cover] }), observed());
}

describe('a spoken vote', () => {
  it('is believed without the identity provider, up to the fence', async () => {
    const on = await scene();
    const jws = await spokenVote(on);
    expect(await verdictOn(on.deps, jws)).toBe('ok');
    await expect(fence(on, jws)).resolves.toBeUndefined();
  });

  it('is not where the configuration does not allow it any more', async () => {
    const on = await scene({ emergency: { spoken: ['erp-*'], breakGlass: ['*'] } });
    const jws = await spokenVote(on);
    expect(await verdictOn(on.deps, jws)).toBe('spokenNotAllowed');
    await expect(fence(on, jws)).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  const bad: readonly (readonly [string, string, Parameters<typeof spokenVote>[1]])[] = [
    ['nobody has witnessed', 'notHeard', { witnesses: [] }],
    ['one has witnessed', 'notHeard', { witnesses: ['anna'] }],
    ['other people have witnessed', 'notHeard', { witnesses: ['anna', 'viewer'] }],
    ['was entered for another gate', 'notHeard', { heard: { gate: 'other' } }],
    ['was entered for another digest', 'notHeard', { heard: { digest: 'other' } }],
    ['was entered as a no', 'notHeard', { heard: { decision: 'reject' } }],
    ['was said by somebody else', 'notHeard', { heard: { approver: 'carla' } }],
    ['is given in the place of somebody', 'notDelegated', { changes: { for: 'carla' } }],
    ['has another code', 'wrongCode', { heard: { code: 'AAAA-AAAA' } }],
    ['has a code of nothing', 'wrongCode', { heard: { code: '' } }],
    [
      'is for an opening that nobody knows',
      'notHeard',
      { changes: { nonce: 'n-2' }, heard: { nonce: 'n-2' } },
    ],
    [
      'was witnessed by a service',
      'notHeard',
      { witnesses: ['anna', 'robot'], changes: { heardBy: ['anna', 'robot'] } },
    ],
    [
      'was witnessed by an emergency account',
      'notHeard',
      { witnesses: ['anna', 'glass'], changes: { heardBy: ['anna', 'glass'] } },
    ],
    [
      'was witnessed by somebody who may not',
      'notHeard',
      { witnesses: ['anna', 'viewer'], changes: { heardBy: ['anna', 'viewer'] } },
    ],
    [
      'was witnessed by whoever has spoken',
      'ownWitness',
      { witnesses: ['anna', 'boris'], changes: { heardBy: ['anna', 'boris'] } },
    ],
    [
      'was witnessed by an excluded author',
      'excluded',
      { witnesses: ['anna', 'carla'], changes: { heardBy: ['anna', 'carla'] } },
    ],
  ];
  it.each(bad)('that %s is refused as %s', async (_what, refusal, how) => {
    const on = await scene();
    expect(await verdictOn(on.deps, await spokenVote(on, how))).toBe(refusal);
  });

  it('does not count when a witness is revoked meanwhile', async () => {
    const on = await scene();
    const jws = await spokenVote(on);
    const revoked = { by: 'admin', at: 0, reason: 'gone' };
    on.people.set(...somebody('emil', 'operator', { grants: [], revoked }));
    expect(await verdictOn(on.deps, jws)).toBe('notHeard');
    await expect(fence(on, jws)).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  it('gives no role that whoever has spoken does not hold', async () => {
    const on = await scene();
    on.people.set(...somebody('boris', 'viewer'));
    await expect(fence(on, await spokenVote(on))).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  it('that hides its witnesses needs the identity provider', async () => {
    const on = await scene();
    const jws = await signVote(keys, claims({ digest: on.digest }));
    expect(await verdictOn(on.deps, jws)).toBe('proofMissing');
  });

  it.each([
    { assurance: 'spoken' },
    { heardBy: ['anna', 'emil'] },
    { assurance: 'spoken', heardBy: ['anna'] },
  ] as const)('is not signed as %j', async (changes) => {
    await expect(signVote(keys, claims(changes))).rejects.toMatchObject({ code: 'identity.badVote' });
  });
});

describe('a break-glass approval', () => {
  const alone = ({ digest }: Scene, changes: Partial<VoteClaims> = {}): Promise<string> =>
    signVote(
      keys,
      claims({ digest, person: 'glass', comment: 'nobody answers', deviation: 'break-glass', ...changes }),
    );

  it('opens the fence, with an account that no rule names', async () => {
    const on = await scene();
    await expect(fence(on, await alone(on))).resolves.toBeUndefined();
  });

  it('does not where the configuration does not allow it any more', async () => {
    const on = await scene({ emergency: { spoken: ['*'], breakGlass: ['erp-*'] } });
    const jws = await alone(on);
    expect(await verdictOn(on.deps, jws)).toBe('breakGlassNotAllowed');
    await expect(fence(on, jws)).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  it.each([
    ['somebody who may not', 'viewer', 'breakGlassNotAllowed'],
    ['a service', 'robot', 'notAPerson'],
    ['a stranger', 'mallory', 'unknownPerson'],
    ['somebody whom only the provider can prove', 'anna', 'proofMissing'],
  ])('by %s is refused', async (_who, person, refusal) => {
    const on = await scene();
    expect(await verdictOn(on.deps, await alone(on, { person }))).toBe(refusal);
  });

  it('is the only one that an emergency account gives', async () => {
    const on = await scene();
    const jws = await signVote(keys, claims({ digest: on.digest, person: 'glass' }));
    expect(await verdictOn(on.deps, jws)).toBe('notOrdinary');
  });

  it('leaves ordinary decisions to an emergency account', async () => {
    const on = await scene();
    const jws = await signVote(keys, claims({ person: 'glass', roles: ['operator'], decision: 'retry' }));
    expect(await verdictOn(on.deps, jws)).toBe('ok');
  });
});
