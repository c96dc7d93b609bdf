import { describe, expect, test } from 'vitest';
import { approvalDigest } from '../../activities/digest.ts';
import { changesSince } from '../../activities/effects/approved-subject.ts';
import { openGate } from '../../activities/open-gate.ts';
import { recheckGate } from '../../activities/recheck-gate.ts';
import { classOf, planSubject } from '../../activities/vro/plan-subject.ts';
import type { OpenGateInput, RecheckedGate } from '../../activities/contract.ts';
import { without } from '../../src/model/json.ts';
import type { VerifiedVote } from '../../src/model/vote.ts';
import { LONG_MS, siteOf, type Site } from './site.ts';
import { commandInput, RUN } from './support.ts';

const COVERS: OpenGateInput['covers'] = [
  { path: 'failover', action: 'vro.failover', with: { plan: 'ERP' }, connection: 'dr-site' },
];
const OPENS = { run: RUN, path: 'go', covers: COVERS, attempt: 1 };

/** Opens the gate, lets something happen, and looks again. */
async function after(happens: (site: Site) => void, covers = COVERS): Promise<RecheckedGate> {
  const site = await siteOf();
  const { digest, covered } = await openGate(site.deps, OPENS);
  happens(site);
  return recheckGate(site.deps, { ...OPENS, covers, digest, covered, votes: [] });
}

function edit({ simulator: { world } }: Site, change: 'one less' | 'other order'): void {
  const { spec } = world.plan('ERP');
  const [group, ...groups] = spec.groups;
  if (group === undefined) throw new Error('ERP has no group');
  const vms = change === 'one less' ? group.vms.slice(1) : [...group.vms].reverse();
  world.addPlan({ ...spec, groups: [...groups, { ...group, vms }] });
}

describe('what an approval covers', () => {
  test('has in it the machines of the plan, and how it stands', async () => {
    const site = await siteOf();
    const { covered, digest } = await openGate(site.deps, OPENS);
    const ids = site.simulator.world.plan('ERP').spec.groups.flatMap(({ vms }) => vms.map(({ id }) => id));
    expect(covered[0]?.subject).toEqual({ vms: ids.sort(), position: 'default' });
    expect(digest).toBe(approvalDigest({ runbookDigest: RUN.runbookDigest, gate: 'go', covered }));
  });

  test('is the same while nothing happens', async () => {
    expect(await after(() => undefined)).toEqual({ same: true, votes: [] });
  });

  test('is the same when the machines only stand in another order', async () => {
    expect(await after((site) => edit(site, 'other order'))).toEqual({ same: true, votes: [] });
  });

  test.each([
    ['under way', 0],
    ['over', LONG_MS],
  ])('is the same when the nightly check is %s', async (_is, ms) => {
    const checked = await after(({ simulator, world }) => {
      simulator.world.command('ERP', { action: 'ReadinessCheck' });
      world.advance(ms);
    });
    expect(checked).toEqual({ same: true, votes: [] });
  });

  test('has changed when a machine is missing', async () => {
    const checked = await after((site) => edit(site, 'one less'));
    expect(checked).toMatchObject({
      same: false,
      changed: [expect.stringMatching(/^The plan of failover has not any more: /)],
    });
  });

  test.each([
    ['in-use', LONG_MS],
    ['in-use', 60_000],
  ])('has changed when somebody fails the plan over: it is %s after %d ms', async (position, ms) => {
    const checked = await after(({ simulator, world }) => {
      simulator.world.command('ERP', { action: 'Failover' });
      world.advance(ms);
    });
    expect(checked).toMatchObject({ changed: [`The plan of failover was default, and is ${position} now.`] });
  });

  test('has changed when the command is given something else', async () => {
    const [first] = COVERS;
    const other = first === undefined ? [] : [{ ...first, with: { plan: 'ERP', chainedPlans: true } }];
    expect(await after(() => undefined, other)).toMatchObject({
      changed: ['failover would be given {"chainedPlans":true,"plan":"ERP"}, not {"plan":"ERP"}.'],
    });
  });
});

test('the people in the votes are looked at again when all is the same', async () => {
  const site = await siteOf();
  const { digest, covered } = await openGate(site.deps, OPENS);
  // Nobody is known here, and no signature is good.
  const votes = ['one', 'two'];
  const checked = await recheckGate(site.deps, { ...OPENS, digest, covered, votes });
  expect(checked).toMatchObject({ same: true, votes: [{ ok: false }, { ok: false }] });
});

describe('the class of a plan', () => {
  test.each([
    ['default', 'Ready', 'default'],
    ['halted', 'Halted', 'halted'],
    ['failover', 'Failed Over', 'in-use'],
    ['undone', 'Undone', 'in-use'],
    ['active', 'Checking', 'default'],
    ['active', 'Failing over', 'in-use'],
    ['unknown', 'What is this', 'in-use'],
  ] as const)('of one that is %s, in "%s", is %s', (position, stateName, expected) => {
    expect(classOf({ position, stateName })).toBe(expected);
  });
});

test('a target that is no plan has no subject', async () => {
  const { deps } = await siteOf();
  expect(await planSubject(deps, 'dr-backup/replica/abc')).toBeUndefined();
});

describe('at the fence', () => {
  const vote = (iat: number): VerifiedVote => ({
    id: 'vote-1234',
    run: RUN.firstExecutionId,
    gate: 'go',
    nonce: 'n',
    digest: 'd',
    decision: 'approve',
    person: 'boris',
    roles: [],
    iat,
    exp: iat,
    jws: '',
  });

  /** A plan that has been failed over since the approval; `sent` says whether the run did it itself, and when. */
  async function changes(sent?: 'before' | 'since'): Promise<string[]> {
    const site = await siteOf();
    const { deps, simulator, world } = site;
    const { covered } = await openGate(deps, {
      ...OPENS,
      covers: [...COVERS, ...COVERS.map((one) => ({ ...one, path: 'commit' }))],
    });
    const [failover, commit] = covered;
    if (failover === undefined || commit === undefined) throw new Error('nothing is covered');
    const votedAt = Math.floor(deps.now() / 1_000) + (sent === 'before' ? 3_600 : 0);
    if (sent !== undefined) {
      const { target } = failover;
      const key = { run: RUN.firstExecutionId, path: 'failover', attempt: 1 };
      const what = { action: 'vro.failover', connection: 'dr-site', target, baseline: {} };
      const intent = await deps.stores.intents.begin({
        ...key,
        ...what,
        requestDigest: 'r',
        sendBefore: 1e15,
      });
      await deps.stores.intents.sending(intent);
    }
    simulator.world.command('ERP', { action: 'Failover' });
    world.advance(LONG_MS);
    const cover = { gate: 'go', nonce: 'n', digest: 'd', covered, votes: [] };
    return changesSince(deps, commandInput({ path: 'commit', covers: [cover] }), commit, [vote(votedAt)]);
  }

  test('a plan that somebody else has moved is not what was approved', async () => {
    expect(await changes()).toEqual(['The plan of commit was default, and is in-use now.']);
  });

  test('a plan that the run itself has moved since is', async () => {
    expect(await changes('since')).toEqual([]);
  });

  test('a plan that the run has moved before people said yes is not', async () => {
    expect(await changes('before')).toEqual(['The plan of commit was default, and is in-use now.']);
  });

  test('votes from before this was kept are compared as they are', async () => {
    const { deps, simulator } = await siteOf();
    const { covered } = await openGate(deps, OPENS);
    simulator.world.command('ERP', { action: 'Failover' });
    const [old] = covered.map((step) => without(step, ['subject']));
    expect(old && (await changesSince(deps, commandInput(), old, [vote(0)]))).toEqual([]);
  });
});
