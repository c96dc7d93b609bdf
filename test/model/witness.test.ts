import { describe, expect, it } from 'vitest';
import { deviationText, spokenApprovers } from '../../src/model/approvers.ts';
import { emergencyFor } from '../../src/model/emergency.ts';
import { without } from '../../src/model/json.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import { HEARD_WITHIN_MS, isHeard, witnessRefusal, type HeardVote } from '../../src/model/witness.ts';

const VOTE: VoteClaims = {
  id: 'vote-1234',
  run: 'first-1',
  gate: 'go',
  nonce: 'n-1',
  digest: 'd-1',
  decision: 'approve',
  person: 'boris',
  roles: ['dr-manager'],
  assurance: 'spoken',
  heardBy: ['anna', 'emil'],
  iat: 1,
  exp: 2,
};
const ANNA: HeardVote = {
  run: 'first-1',
  runId: 'canary-1',
  gate: 'go',
  nonce: 'n-1',
  digest: 'd-1',
  approver: 'boris',
  decision: 'approve',
  witness: 'anna',
  code: '7K2M-Q0ZX',
  at: 1_000,
};
const EMIL: HeardVote = { ...ANNA, witness: 'emil', at: 2_000 };

describe('a vote was heard', () => {
  it('when both witnesses have entered exactly it, in any order', () => {
    expect([isHeard(VOTE, [ANNA, EMIL]), isHeard(VOTE, [EMIL, ANNA])]).toEqual([true, true]);
  });

  const bad: readonly [string, readonly HeardVote[]][] = [
    ['nobody has', []],
    ['only one has', [ANNA]],
    ['one has twice', [ANNA, ANNA]],
    ['somebody else has', [ANNA, { ...EMIL, witness: 'frida' }]],
    ['three have', [ANNA, EMIL, { ...EMIL, witness: 'frida' }]],
    ['the second was too late', [ANNA, { ...EMIL, at: ANNA.at + HEARD_WITHIN_MS + 1 }]],
    ['one heard another decision', [ANNA, { ...EMIL, decision: 'reject' }]],
    ['one heard somebody else', [ANNA, { ...EMIL, approver: 'carla' }]],
    ...(['run', 'gate', 'nonce', 'digest'] as const).map((field): [string, readonly HeardVote[]] => [
      `one is for another ${field}`,
      [ANNA, { ...EMIL, [field]: 'x' }],
    ]),
  ];
  it.each(bad)('not when %s', (_why, heard) => {
    expect(isHeard(VOTE, heard)).toBe(false);
  });

  it('not when the vote names no witnesses', () => {
    expect(isHeard(without(VOTE, ['heardBy']), [ANNA, EMIL])).toBe(false);
  });
});

describe('a witness', () => {
  const policy = {
    rules: [],
    exclude: ['starter', 'author', 'previous-approver'],
    starter: 'anna',
    authors: ['frida'],
    previous: ['carla'],
  } as const;

  it.each([
    ['may be the starter of the run', 'anna', undefined],
    ['may be anybody else', 'emil', undefined],
    ['is never the approver', 'boris', 'ownWitness'],
    ['is no excluded author', 'frida', 'excluded'],
    ['is no excluded earlier approver', 'carla', 'excluded'],
  ])('%s', (_what, witness, refusal) => {
    expect(witnessRefusal({ witness, approver: 'boris' }, policy)).toBe(refusal);
  });
});

describe('what is allowed in an emergency', () => {
  it('is nothing where the configuration says nothing', () => {
    expect(emergencyFor(undefined, 'erp-failover')).toEqual({ spoken: false, breakGlass: false });
  });

  it('goes by the name of the runbook', () => {
    const rules = { spoken: ['crm', 'erp-*'], breakGlass: ['crm-*'] };
    expect(emergencyFor(rules, 'erp-failover')).toEqual({ spoken: true, breakGlass: false });
  });
});

describe('in every record', () => {
  it('a spoken vote is named as one', () => {
    expect(spokenApprovers([{ person: 'boris', heardBy: ['anna', 'emil'] }, { person: 'carla' }])).toBe(
      'boris (spoken, heard by anna and emil) and carla',
    );
  });

  it('a break-glass approval is loud, and louder by the starter', () => {
    const alone = { how: 'break-glass', by: 'anna', reason: 'nobody answers', at: 0 } as const;
    expect(deviationText(alone)).toMatch(/^BREAK-GLASS: approved by anna alone, not by the rules/);
    expect(deviationText({ ...alone, isStarter: true })).toContain('who also STARTED the run');
  });
});
