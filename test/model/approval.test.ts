import { describe, expect, test } from 'vitest';
import { decideApproval, refusalOf, type ApprovalPolicy } from '../../src/model/approval.ts';
import type { ApprovalRule } from '../../src/model/runbook.ts';
import type { VerifiedVote } from '../../src/model/vote.ts';

const MANAGER: ApprovalRule = { role: 'manager', count: 1 };
const OWNER: ApprovalRule = { role: 'owner', count: 1 };

function policyOf(rules: readonly ApprovalRule[], exclude: ApprovalPolicy['exclude'] = []): ApprovalPolicy {
  return { rules, exclude, starter: 'anna' };
}

function vote(person: string, roles: readonly string[], more: Partial<VerifiedVote> = {}): VerifiedVote {
  return {
    id: `vote-of-${person}`,
    run: 'run',
    gate: 'go',
    nonce: 'nonce',
    digest: 'digest',
    decision: 'approve',
    person,
    roles,
    iat: 0,
    exp: 1,
    jws: 'jws',
    ...more,
  };
}

describe('an approval', () => {
  test('is open until its quorum is there', () => {
    const policy = policyOf([{ role: 'manager', count: 2 }]);
    expect(decideApproval([vote('boris', ['manager'])], policy)).toEqual({
      state: 'open',
      missing: ['1 more with role manager'],
    });
    expect(decideApproval([vote('boris', ['manager']), vote('carla', ['manager'])], policy).state).toBe(
      'approved',
    );
  });

  test('needs two people for two rules, though one holds both roles', () => {
    const policy = policyOf([MANAGER, OWNER]);
    expect(decideApproval([vote('boris', ['manager', 'owner'])], policy)).toEqual({
      state: 'open',
      missing: ['1 more with role owner'],
    });
  });

  test.each([
    ['first', [vote('both', ['manager', 'owner']), vote('boris', ['manager'])]],
    ['last', [vote('boris', ['manager']), vote('both', ['manager', 'owner'])]],
  ])('moves whoever could fill two places to the free one, being %s', (_, votes) => {
    expect(decideApproval(votes, policyOf([MANAGER, OWNER])).state).toBe('approved');
  });

  test('moves people along a chain of places', () => {
    const rules = ['a', 'b', 'c'].map((role) => ({ role, count: 1 }));
    const votes = [vote('one', ['a', 'b']), vote('two', ['b', 'c']), vote('three', ['a'])];
    expect(decideApproval(votes, policyOf(rules)).state).toBe('approved');
  });

  test('can name people instead of a role', () => {
    const policy = policyOf([{ people: ['boris', 'carla'], count: 1 }]);
    expect(decideApproval([], policy)).toEqual({ state: 'open', missing: ['1 more of boris, carla'] });
    expect(decideApproval([vote('carla', [])], policy).state).toBe('approved');
  });

  test('is rejected by a single no, whoever has said yes', () => {
    const no = vote('carla', ['manager'], { decision: 'reject', comment: 'too early' });
    expect(decideApproval([vote('boris', ['manager']), no], policyOf([MANAGER]))).toEqual({
      state: 'rejected',
      by: 'carla',
      comment: 'too early',
    });
  });
});

describe('a vote', () => {
  test('of the starter is refused where the starter is excluded', () => {
    const starter = { person: 'anna', roles: ['manager'] };
    expect(refusalOf(starter, policyOf([MANAGER], ['starter']), [])).toBe('excluded');
    expect(refusalOf(starter, policyOf([MANAGER]), [])).toBeUndefined();
  });

  test('of somebody whom no rule admits is refused', () => {
    expect(refusalOf({ person: 'boris', roles: ['viewer'] }, policyOf([MANAGER, OWNER]), [])).toBe('noRole');
  });

  test('of somebody who has voted is refused', () => {
    const boris = { person: 'boris', roles: ['manager'] };
    expect(refusalOf(boris, policyOf([{ role: 'manager', count: 2 }]), [boris])).toBe('duplicate');
  });
});
