import { describe, expect, onTestFinished, test } from 'vitest';
import { newVoteId } from '../../src/identity/index.ts';
import { createControl } from '../../src/control/index.ts';
import type { Refusal, VoteClaims } from '../../src/model/vote.ts';
import { musterWith } from '../../src/stack/muster-on.ts';
import { Browser, CLIENT_ID, newKey, startProvider } from '../identity/provider.ts';
import { proveVote, signInAs } from '../identity/oidc-door.ts';
import { stageForTest, stepOf, type Stage } from '../support/stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';
import { oneGate } from '../support/one-gate.ts';

const ONE_GATE = oneGate();

/** A stage whose managers come by an identity provider, which proves each of their votes. */
async function stageWithProvider(): Promise<Stage> {
  const provider = await startProvider({
    keys: [await newKey('first')],
    people: { mona: { name: 'Mona', groups: ['managers'] }, nils: { name: 'Nils', groups: ['managers'] } },
  });
  onTestFinished(() => provider.stop());
  return stageForTest({
    config: `
people: { anna: { name: Anna Berg, roles: [operator] } }
signIn:
  trustLocal: true
  oidc: { issuer: '${provider.issuer}', clientId: ${CLIENT_ID}, roles: { managers: [dr-manager] }, freshVotes: true }
`,
  });
}

/** Signs in through the provider, and answers with the operations of whoever did. */
async function managerOf(stage: Stage, subject: string) {
  const browser = new Browser();
  const { identity } = stage.data;
  const { actor } = await signInAs(identity, subject, browser);
  const control = createControl({ client: stage.client, taskQueue: stage.taskQueue });
  const muster = musterWith({ control, actor: async () => actor }, stage.data);
  return {
    person: actor.person,
    muster,
    async vote(runId: string) {
      const draft = await muster.draftVote({ runId, gate: 'go', decision: 'approve' });
      const { idToken } = await proveVote(
        identity,
        { person: actor.person, nonce: draft.nonce, as: subject },
        browser,
      );
      return { verdict: await muster.castDraft(draft, idToken), idToken };
    },
  };
}

/** What an administrator can do: sign with our key, and put into the store whatever they like. */
async function forge(
  stage: Stage,
  runId: string,
  claims: Partial<VoteClaims>,
  proof?: string,
): Promise<Refusal | undefined> {
  const record = await stage.gate(runId, 'go');
  const good = await approvalOf(stage, runId, record, { id: newVoteId(), assurance: 'oidc', ...claims });
  const jws = await signed(stage, good);
  const { id, run, gate, nonce, person, decision } = good;
  const times = { castAt: Date.now(), expiresAt: Date.now() + 60_000 };
  const kept = { id, run, runId, gate, nonce, person, decision, jws, ...times };
  await stage.data.stores.votes.keep({ ...kept, ...(proof !== undefined && { proof }) });
  const before = (await stage.muster.show(runId)).timeline.refused.total;
  await flood(stage, runId, [{ jws }]);
  const after = await stage.until(runId, ({ timeline }) => timeline.refused.total > before);
  return after.timeline.refused.latest.at(-1)?.refusal;
}

describe('a vote of somebody whom an identity provider vouches for', { timeout: 120_000 }, () => {
  test('counts with the provider’s own signature over what it says', async () => {
    const stage = await stageWithProvider();
    const mona = await managerOf(stage, 'mona');
    const runId = await stage.start(ONE_GATE);
    await stage.gate(runId, 'go');
    const { verdict } = await mona.vote(runId);
    expect(verdict.counted).toBe(true);
    const { gate } = stepOf(await stage.ended(runId), 'go');
    expect(gate?.votes).toMatchObject([{ person: mona.person, assurance: 'oidc' }]);
  });

  test('that our own administrator forges with key and database is found out', async () => {
    const stage = await stageWithProvider();
    const [mona, nils] = [await managerOf(stage, 'mona'), await managerOf(stage, 'nils')];
    const other = await stage.start(ONE_GATE);
    await stage.gate(other, 'go');
    const [{ idToken: ofMona }] = [await mona.vote(other)];
    const runId = await stage.start(ONE_GATE);
    const by = { person: mona.person, roles: ['dr-manager'] };
    expect([
      await forge(stage, runId, by),
      await forge(stage, runId, by, ofMona),
      await forge(stage, runId, { ...by, person: nils.person }, ofMona),
      await forge(stage, runId, by, `${ofMona.slice(0, -6)}AAAAAA`),
      await forge(stage, runId, by, 'no.token.atall'),
    ]).toEqual(['proofMissing', 'proofInvalid', 'proofInvalid', 'proofInvalid', 'proofInvalid']);
    expect(stepOf(await stage.muster.show(runId), 'go')).toMatchObject({
      state: 'waiting',
      gate: { votes: [] },
    });
  });
});
