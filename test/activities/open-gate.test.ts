import { expect, test } from 'vitest';
import type { AskedOfPeople, OpenGateInput } from '../../activities/contract.ts';
import { openGate } from '../../activities/open-gate.ts';
import { recheckGate } from '../../activities/recheck-gate.ts';
import { tellGate } from '../../activities/tell-gate.ts';
import { APPROVAL_OFFERS } from '../../src/model/offers.ts';
import { siteOf, type Site } from './site.ts';
import { RUN } from './support.ts';

const ASKED: AskedOfPeople = {
  kind: 'approval',
  title: 'Fail over?',
  policy: { rules: [{ role: 'dr-manager', count: 1 }], exclude: [], starter: 'anna' },
  offers: APPROVAL_OFFERS,
  dueAt: 1_900_000_000_000,
};

/** A gate over the failover of ERP, of a runbook that names a Veeam ONE. */
async function opens({ deps }: Site): Promise<OpenGateInput> {
  const runbook = { schemaVersion: 1, connections: { vro: 'dr-site', one: 'hq' } };
  const runbookDigest = await deps.stores.contents.put(JSON.stringify(runbook));
  return {
    run: { ...RUN, runbookDigest },
    path: 'go',
    attempt: 1,
    covers: [{ path: 'failover', action: 'vro.failover', with: { plan: 'ERP' }, connection: 'dr-site' }],
    asked: ASKED,
  };
}

test('a gate that opens is noted, with what people are asked and what the servers say', async () => {
  const site = await siteOf();
  const input = await opens(site);
  const { nonce, digest, covered } = await openGate(site.deps, input);
  const [kept] = await site.deps.stores.gates.listOpen();
  expect(kept).toMatchObject({
    nonce,
    digest,
    run: RUN.firstExecutionId,
    runId: RUN.runId,
    path: 'go',
    kind: 'approval',
    title: 'Fail over?',
    dueAt: ASKED.dueAt,
    asked: { runbook: RUN.runbook, policy: ASKED.policy, offers: ASKED.offers, covered },
  });
  expect(kept?.asked['facts']).toMatchObject({ plans: [{ name: 'ERP' }], unknown: [] });
});

test('a gate that is about something else now is noted anew, in place of the old one', async () => {
  const site = await siteOf();
  const input = await opens(site);
  const { digest, covered } = await openGate(site.deps, input);
  const { spec } = site.simulator.world.plan('ERP');
  site.simulator.world.addPlan({ ...spec, groups: spec.groups.slice(1) });
  const checked = await recheckGate(site.deps, { ...input, digest, covered, votes: [] });
  const nonce = checked.same ? 'the same' : checked.opened.nonce;
  expect((await site.deps.stores.gates.listOpen()).map((kept) => kept.nonce)).toEqual([nonce]);
});

test('a gate that has closed waits for nobody', async () => {
  const site = await siteOf();
  const input = await opens(site);
  const { nonce } = await openGate(site.deps, input);
  await tellGate(site.deps, { run: input.run, path: 'go', nonce, event: 'closed', by: 'vote' });
  expect(await site.deps.stores.gates.listOpen()).toEqual([]);
});
