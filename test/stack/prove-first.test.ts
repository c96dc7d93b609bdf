import { describe, expect, test } from 'vitest';
import type { LocalMuster } from '../../src/client/in-process.ts';
import type { Config } from '../../src/config/index.ts';
import { provenOnPages } from '../../src/stack/prove-first.ts';
import { fakeMuster } from '../cli/fake-muster.ts';

const VOTE = { runId: 'erp-20250131-k7m2qz', gate: 'checks/go', decision: 'approve' } as const;

/** Somebody at the command line of the stack's own machine, where votes are proven. */
function commandLine(
  person: string,
  { freshVotes = true, server }: { freshVotes?: boolean; server?: string },
) {
  const fake = fakeMuster();
  fake.by(person);
  const people = new Map([
    ['anna', { id: 'anna', passwordHash: '$scrypt$' }],
    ['boris', { id: 'boris', passwordHash: '$scrypt$', oidc: { subject: 'sub-1' } }],
  ]);
  const config = { people, signIn: { oidc: { freshVotes } } } as unknown as Config;
  const unused = () => Promise.reject(new Error('not used here'));
  const muster: LocalMuster = { ...fake, draftVote: unused, castDraft: unused };
  return { muster: provenOnPages(muster, config, server), calls: fake.calls };
}

describe('at the command line, somebody whose votes the provider proves', () => {
  test('is told the page of the gate, and nothing is sent', async () => {
    const { muster, calls } = commandLine('boris', { server: 'https://muster.example' });
    await expect(muster.vote(VOTE)).rejects.toMatchObject({
      code: 'vote.needsPage',
      hint: 'Answer on the page of the gate: https://muster.example/runs/erp-20250131-k7m2qz/gates/checks/go',
    });
    expect(calls).toEqual([]);
  });

  test('is told where the link is when nobody knows the address of the server', async () => {
    const { muster } = commandLine('greta-holm-3f9c2a71d0e4b5c6', {});
    await expect(muster.vote(VOTE)).rejects.toMatchObject({
      code: 'vote.needsPage',
      hint: expect.stringContaining('its link is in the message') as string,
    });
  });
});

test.each([
  ['somebody with nothing but a password', 'anna', true],
  ['everybody where votes are not proven', 'boris', false],
])('%s votes at the command line', async (_who, person, freshVotes) => {
  const { muster, calls } = commandLine(person, { freshVotes });
  await muster.vote(VOTE);
  expect(calls).toHaveLength(1);
});
