import { describe, expect, it } from 'vitest';
import { loadConfig, type Config, type PersonConfig } from '../../src/config/index.ts';
import type { Grant } from '../../src/model/actor.ts';
import { rulesOf, votersOf } from '../../src/stack/muster-on.ts';

const person = (
  id: string,
  grants: readonly Grant[],
  more: Partial<PersonConfig> = {},
): [string, PersonConfig] => [id, { id, name: id, kind: 'person', grants, roles: [], ...more }];
const people = new Map([
  person('anna', [{ role: 'operator' }]),
  person('boris', [{ role: 'dr-manager', runbooks: 'erp-*' }]),
  person('nightly', [{ role: 'dr-manager' }], { kind: 'service' }),
  person('glass', [{ role: 'dr-manager' }], { kind: 'break-glass' }),
]);
const shipped = await loadConfig({ file: 'muster.yaml', environmentVariables: {} });
const config: Config = { ...shipped, people, signIn: { trustLocal: false } };

describe('who can answer gates', () => {
  it('are people only, with the roles they hold for this runbook', () => {
    expect(votersOf(people, 'erp-failover').map(({ id, roles }) => [id, roles])).toEqual([
      ['anna', ['operator']],
      ['boris', ['dr-manager']],
    ]);
  });

  it('are counted for each runbook by itself', () => {
    const holders = ['erp-failover', 'crm'].map((runbook) =>
      rulesOf(config, runbook).roles.get('dr-manager'),
    );
    expect(holders).toEqual([1, undefined]);
  });

  it('may be more than the configuration names, where groups give roles', () => {
    const oidc = {
      issuer: 'https://login.example',
      clientId: 'muster',
      scopes: ['openid'],
      groupsClaim: 'groups',
      roles: new Map([['managers', [{ role: 'dr-manager', runbooks: 'crm' }]]]),
      personClaim: 'sub',
      clockToleranceMs: 0,
      freshVotes: false,
    };
    const { roles, rolesOf } = rulesOf({ ...config, signIn: { trustLocal: false, oidc } }, 'crm');
    expect(roles.get('dr-manager')).toBe(Infinity);
    expect(rolesOf).toBeUndefined();
  });
});

it('somebody whose roles answer no gate is no voter', () => {
  const looking = new Map([person('ada', [{ role: 'admin' }, { role: 'auditor' }])]);
  expect(votersOf(looking, 'erp-failover')).toEqual([]);
});
