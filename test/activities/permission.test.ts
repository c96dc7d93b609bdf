import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandInput } from '../../activities/contract.ts';
import { approvalDigest, digestOf } from '../../activities/digest.ts';
import { assertAllowed } from '../../activities/effects/permission.ts';
import type { Deps } from '../../activities/index.ts';
import { newVoteId, openKeys, signVote, verifyVote } from '../../src/identity/index.ts';
import { canonicalText, compileRunbook } from '../../src/language/index.ts';
import type { Cover, CoveredStep, VoteClaims } from '../../src/model/vote.ts';
import { commandInput, makeDeps, observed, PLAN, RUN } from './support.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-permission-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const keys = await openKeys({ folder });

const RUNBOOK = `
apiVersion: muster/v1
name: canary
title: Fail over when the managers say so
connections: { vro: dr-site }
steps:
  - id: go
    approval: { title: Now?, covers: [failover], rules: [{ role: dr-manager, count: 1 }], exclude: [starter] }
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
`;

const PEOPLE = new Map([
  ['anna', ['operator']],
  ['boris', ['dr-manager']],
]);
/** Approvals and decisions that say more. */
const STRICT = `
apiVersion: muster/v1
name: canary
title: Fail over when others say so than before
authors: [carla]
connections: { vro: dr-site }
steps:
  - { id: first, approval: { rules: [{ role: dr-manager, count: 1 }] } }
  - id: go
    approval:
      covers: [failover]
      rules: [{ role: dr-manager, count: 1 }]
      exclude: [author, previous-approver]
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
decisions: { continue: { role: operator, count: 2 } }
`;
const FAILOVER: CoveredStep = {
  path: 'failover',
  action: 'vro.failover',
  with: { plan: 'ERP-CANARY' },
  target: PLAN,
};

/** A live run of the runbook, whose failover stands before the fence, with what its approval looks like. */
async function liveRun(
  people: ReadonlyMap<string, readonly string[]> = PEOPLE,
  text = RUNBOOK,
): Promise<{
  deps: Deps;
  input: CommandInput;
  cover: (votes: readonly Partial<VoteClaims>[], changes?: Partial<Cover>) => Promise<Cover>;
}> {
  const deps = await makeDeps({
    policy: { drillAllow: [], unattended: [] },
    person: async (id) => {
      const roles = people.get(id);
      const grants = roles?.map((role) => ({ role }));
      return grants && { id, name: id, kind: 'person', grants };
    },
    verifyVote: (jws, { at } = {}) => verifyVote([keys], jws, at === undefined ? {} : { now: at }),
  });
  const { runbook } = compileRunbook({ file: 'canary.yaml', text });
  if (runbook === undefined) throw new Error('the runbook of this test does not compile');
  const runbookDigest = await deps.stores.contents.put(canonicalText(runbook));
  const digest = approvalDigest({ runbookDigest, gate: 'go', covered: [FAILOVER] });
  return {
    deps,
    input: commandInput({ run: { ...RUN, runbookDigest, mode: 'live' } }),
    cover: async (votes, changes = {}) => ({
      gate: 'go',
      nonce: 'n-1',
      digest,
      covered: [FAILOVER],
      votes: await Promise.all(votes.map((vote) => signVote(keys, claims({ digest, ...vote })))),
      ...changes,
    }),
  };
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
    // Long ago: a vote was fresh when it was counted.
    exp: 1_700_000_600,
    ...changes,
  };
}

describe('a command in a live run', () => {
  test('may be sent when its approval is proven', async () => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([{}])];
    await expect(assertAllowed(deps, { ...input, covers }, observed())).resolves.toBeUndefined();
  });

  test('may not be sent without an approval', async () => {
    const { deps, input } = await liveRun();
    await expect(assertAllowed(deps, input, observed())).rejects.toMatchObject({ code: 'fence.notAllowed' });
  });

  test.each([
    ['was given to another run', { run: 'another' }],
    ['was given to an earlier opening of the gate', { nonce: 'n-0' }],
    ['was given to something else', { digest: 'd'.repeat(64) }],
    ['is a no', { decision: 'reject' }],
    ['is of a person whom nobody knows', { person: 'mallory' }],
    ['is of the starter, who is excluded', { person: 'anna', roles: ['dr-manager'] }],
    ['claims a role that the person has not', { person: 'anna', roles: ['dr-manager', 'operator'] }],
  ] as const)('is not covered by a vote that %s', async (_what, vote) => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([vote])];
    await expect(assertAllowed(deps, { ...input, covers }, observed())).rejects.toMatchObject({
      code: 'fence.approvalVoid',
    });
  });

  test('is not covered by a vote that nobody signed', async () => {
    const { deps, input, cover } = await liveRun();
    const genuine = await cover([{}]);
    const votes = genuine.votes.map((jws) => `${jws.slice(0, -8)}AAAAAAAA`);
    await expect(
      assertAllowed(deps, { ...input, covers: [{ ...genuine, votes }] }, observed()),
    ).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  test('is no longer covered when the role of the approver was taken away', async () => {
    const { deps, input, cover } = await liveRun(new Map([['boris', ['viewer']]]));
    const covers = [await cover([{}])];
    await expect(assertAllowed(deps, { ...input, covers }, observed())).rejects.toMatchObject({
      code: 'fence.approvalVoid',
    });
  });

  test('is not covered when it would do something else than was approved', async () => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([{}])];
    const changed = { ...input, covers, with: { plan: 'ERP-CANARY', chainedPlans: true } };
    await expect(assertAllowed(deps, changed, observed())).rejects.toMatchObject({
      code: 'fence.approvalVoid',
      message: expect.stringContaining('chainedPlans') as string,
    });
  });

  test('is not covered on another target of the same name', async () => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([{}])];
    const elsewhere = observed({ target: 'dr-site/plan/p-2' });
    await expect(assertAllowed(deps, { ...input, covers }, elsewhere)).rejects.toMatchObject({
      code: 'fence.approvalVoid',
    });
  });

  test('is not covered by what the workflow itself has added to the approval', async () => {
    const { deps, input, cover } = await liveRun();
    // Whoever writes to Temporal can widen a cover, but not the digest that people signed.
    const covered = [FAILOVER, { ...FAILOVER, path: 'other' }];
    const covers = [await cover([{}], { covered })];
    await expect(assertAllowed(deps, { ...input, path: 'other', covers }, observed())).rejects.toMatchObject({
      code: 'fence.approvalVoid',
    });
  });

  test('that the approval does not name is not covered', async () => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([{}])];
    await expect(assertAllowed(deps, { ...input, path: 'again', covers }, observed())).rejects.toMatchObject({
      code: 'fence.notAllowed',
    });
  });

  test('may be sent in cleanup to the target of the approval', async () => {
    const { deps, input, cover } = await liveRun();
    const covers = [await cover([{}])];
    const undo = {
      ...input,
      covers,
      action: 'vro.undo',
      path: 'cleanup/undo',
      phase: 'cleanup',
    } as const;
    await expect(assertAllowed(deps, undo, observed())).resolves.toBeUndefined();
    await expect(assertAllowed(deps, undo, observed({ target: 'dr-site/plan/p-2' }))).rejects.toMatchObject({
      code: 'fence.notAllowed',
    });
  });

  test('may be sent when the configuration lets the runbook run unattended', async () => {
    const { deps, input } = await liveRun();
    const policy = { drillAllow: [], unattended: ['canary'] };
    await expect(assertAllowed({ ...deps, policy }, input, observed())).resolves.toBeUndefined();
  });
});

describe('an approval that excludes more than the starter', () => {
  const MANAGERS = new Map([
    ['boris', ['dr-manager']],
    ['carla', ['dr-manager']],
  ]);
  /** Given before everything else. */
  const EARLIER = 1_699_999_000;

  async function allowed(
    vote: Partial<VoteClaims>,
    { authors, first }: { authors?: readonly string[]; first?: Partial<VoteClaims> } = {},
  ): Promise<void> {
    const { deps, input, cover } = await liveRun(MANAGERS, STRICT);
    const before = {
      gate: 'first',
      nonce: 'n-0',
      digest: approvalDigest({ ...input.run, gate: 'first', covered: [] }),
    };
    const given = await cover([{ ...before, iat: EARLIER, ...first }], { ...before, covered: [] });
    const covers = [...(first === undefined ? [] : [given]), await cover([vote])];
    const run = { ...input.run, ...(authors === undefined ? {} : { authors }) };
    await assertAllowed(deps, { ...input, run, covers }, observed());
  }

  test('holds with the yes of somebody else', async () => {
    await expect(allowed({}, { authors: ['carla'], first: { person: 'carla' } })).resolves.toBeUndefined();
  });

  test('does not hold with the yes of an author', async () => {
    const asked = allowed({}, { authors: ['boris'] });
    await expect(asked).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  test('does not hold with the yes of whoever approved before', async () => {
    const asked = allowed({}, { first: {} });
    await expect(asked).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });

  test('holds with the yes of somebody who approved elsewhere only later', async () => {
    await expect(allowed({}, { first: { iat: 1_700_000_100 } })).resolves.toBeUndefined();
  });

  test('does not hold with a yes in the place of somebody who is excluded', async () => {
    const asked = allowed({ person: 'carla', for: 'boris' }, { authors: ['boris'] });
    await expect(asked).rejects.toMatchObject({ code: 'fence.approvalVoid' });
  });
});

describe('a decision that takes two', () => {
  const OPERATORS = new Map([
    ['anna', ['operator']],
    ['emil', ['operator']],
    ['boris', ['dr-manager']],
  ]);

  async function decided(votes: readonly Partial<VoteClaims>[]): Promise<void> {
    const { deps, input, cover } = await liveRun(OPERATORS, STRICT);
    const at = { gate: 'failover', digest: digestOf({ kind: 'decision' }) };
    const said = { ...at, decision: 'continue', option: 'RetryFailedStep', roles: ['operator'] } as const;
    const covers = [
      await cover(
        votes.map((vote) => ({ ...said, ...vote })),
        { ...at, covered: [] },
      ),
    ];
    const going = { action: 'vro.continue', with: { plan: 'ERP-CANARY', option: 'RetryFailedStep' } };
    await assertAllowed(deps, { ...input, ...going, covers }, observed());
  }

  test('allows the command with the votes of two', async () => {
    await expect(decided([{ person: 'anna' }, { person: 'emil' }])).resolves.toBeUndefined();
  });

  test.each([
    ['one', [{ person: 'anna' }]],
    ['one person twice', [{ person: 'anna' }, { person: 'anna' }]],
    ['one person and their delegate', [{ person: 'anna' }, { person: 'boris', for: 'anna' }]],
    ['two who say different things', [{ person: 'anna' }, { person: 'emil', option: 'RetryFailedVm' }]],
  ] as const)('does not allow it with the votes of %s', async (_who, votes) => {
    await expect(decided(votes)).rejects.toMatchObject({ code: 'fence.notAllowed' });
  });
});

describe('a decision on a failed step', () => {
  const decided = { gate: 'failover', person: 'anna', roles: ['operator'] };

  async function decision(vote: Partial<VoteClaims>): Promise<{ deps: Deps; input: CommandInput }> {
    const { deps, input, cover } = await liveRun();
    const digest = digestOf({ kind: 'decision' });
    const covers = [
      await cover([{ ...decided, digest, ...vote }], { gate: 'failover', digest, covered: [] }),
    ];
    const going = { action: 'vro.continue', with: { plan: 'ERP-CANARY', option: 'RetryFailedStep' } };
    return { deps, input: { ...input, ...going, covers } };
  }

  test('allows the command that it names', async () => {
    const { deps, input } = await decision({ decision: 'continue', option: 'RetryFailedStep' });
    await expect(assertAllowed(deps, input, observed())).resolves.toBeUndefined();
  });

  test.each([
    ['of another kind', { decision: 'halt' }],
    ['for another option', { decision: 'continue', option: 'ProceedToNextVm' }],
    ['at another step', { decision: 'continue', option: 'RetryFailedStep', gate: 'go' }],
    ['of somebody who is no operator', { decision: 'continue', option: 'RetryFailedStep', person: 'boris' }],
  ] as const)('%s does not allow it', async (_what, vote) => {
    const { deps, input } = await decision(vote);
    await expect(assertAllowed(deps, input, observed())).rejects.toMatchObject({ code: 'fence.notAllowed' });
  });
});

describe('a command in a drill', () => {
  test.each([PLAN, 'dr-site/plan/ERP-CANARY'])('may be sent to the listed target %s', async (listed) => {
    const deps = await makeDeps({ policy: { drillAllow: [listed], unattended: [] } });
    await expect(assertAllowed(deps, commandInput(), observed())).resolves.toBeUndefined();
  });

  test('may not be sent to a target that is not listed', async () => {
    const deps = await makeDeps({ policy: { drillAllow: ['dr-site/plan/CRM'], unattended: ['canary'] } });
    await expect(assertAllowed(deps, commandInput(), observed())).rejects.toMatchObject({
      code: 'fence.notAllowed',
    });
  });

  test('may never be one that cannot be taken back', async () => {
    const input = commandInput({ action: 'vro.commitFailback' });
    await expect(assertAllowed(await makeDeps(), input, observed())).rejects.toMatchObject({
      code: 'fence.notAllowed',
    });
  });
});
