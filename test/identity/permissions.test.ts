import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIONS,
  APPROVER,
  assertMay,
  mayDo,
  mayDoSomewhere,
  ROLE_CLASSES,
  type Action,
  type RoleClass,
} from '../../src/identity/index.ts';
import { actorWith } from './actors.ts';

/** Who may do what, written down a second time, by hand and the other way round. */
const SEES = [
  'run.list',
  'run.show',
  'freeze.read',
  'schedule.read',
  'token.own',
  'note.read',
  'finding.read',
  'ledger.read',
] as const satisfies readonly Action[];
const MAY: Readonly<Record<RoleClass, readonly Action[]>> = {
  viewer: [...SEES],
  operator: [
    ...SEES,
    'run.start.drill',
    'run.start.live',
    'run.cancel',
    'run.pause',
    'run.decide',
    'gate.vote',
    'gate.delegate',
    'gate.spoken',
    'breakglass.use',
    'freeze.set',
    'freeze.end',
    'schedule.change',
    'schedule.trigger',
    'people.read',
    'refusals.read',
    'note.write',
    'finding.change',
    'finding.close',
    'evidence.read',
    'ledger.audit',
    'secret.list',
    'secret.reveal',
  ],
  author: [...SEES, 'note.write', 'finding.change', 'people.read'],
  auditor: [
    ...SEES,
    'note.write',
    'finding.change',
    'finding.close',
    'report.review',
    'people.read',
    'refusals.read',
    'evidence.read',
    'ledger.audit',
    'ledger.hold',
    'ledger.unhold',
    'secret.list',
  ],
  admin: [
    ...SEES,
    'freeze.set',
    'people.read',
    'people.change',
    'refusals.read',
    'ledger.prune',
    'ledger.rotate',
    'ledger.hold',
    'secret.rewrap',
  ],
  approver: [
    ...SEES,
    'run.decide',
    'gate.vote',
    'gate.delegate',
    'gate.spoken',
    'breakglass.use',
    'note.write',
    'finding.change',
    'finding.close',
    'report.review',
    'people.read',
    'secret.list',
    'secret.reveal',
  ],
};
/** What a service may do when it has every role. */
const SERVICE_MAY: readonly Action[] = [
  'note.read',
  'finding.read',
  'evidence.read',
  'ledger.audit',
  'ledger.read',
  'run.list',
  'run.show',
  'run.start.drill',
  'run.start.live',
  'freeze.read',
  'schedule.read',
  'schedule.trigger',
  'people.read',
  'refusals.read',
  'secret.list',
];
const BREAK_GLASS_MAY_NOT: readonly Action[] = [
  'gate.vote',
  'gate.delegate',
  'gate.spoken',
  'token.own',
  'finding.change',
  'finding.close',
  'report.review',
  'ledger.prune',
  'ledger.rotate',
  'ledger.unhold',
];
const NO_TOKEN_FOR: readonly Action[] = [
  'breakglass.use',
  'people.change',
  'token.own',
  'secret.reveal',
  'secret.rewrap',
  'report.review',
  'ledger.prune',
  'ledger.rotate',
  'ledger.unhold',
];
const EVERY_ROLE = [...ROLE_CLASSES, 'dr-manager'];

const matrix = ROLE_CLASSES.flatMap((role) => ACTIONS.map((action) => ({ role, action })));

describe('the matrix', () => {
  it.each(matrix)('of $role and $action is as written down by hand', ({ role, action }) => {
    const held = role === APPROVER ? 'dr-manager' : role;
    expect(mayDo(actorWith([held]), action)).toBe(MAY[role].includes(action));
  });

  it('lets nobody do anything who has no role', () => {
    expect(ACTIONS.filter((action) => mayDo(actorWith([]), action))).toEqual([]);
  });

  it('adds up the roles of one person, and nothing more', () => {
    const roles = fc.uniqueArray(fc.constantFrom(...ROLE_CLASSES));
    fc.assert(
      fc.property(roles, fc.constantFrom(...ACTIONS), (held, action) => {
        const expected = held.some((role) => MAY[role].includes(action));
        expect(mayDo(actorWith(held), action)).toBe(expected);
      }),
    );
  });

  it('lets nobody lift a hold who may prune', () => {
    const both = ROLE_CLASSES.filter((role) => MAY[role].includes('ledger.prune'));
    expect(both.filter((role) => mayDo(actorWith([role]), 'ledger.unhold'))).toEqual([]);
  });

  it('gives an admin neither a start nor a yes', () => {
    const admin = actorWith(['admin']);
    const deeds: readonly Action[] = [
      'run.start.drill',
      'run.start.live',
      'gate.vote',
      'run.decide',
      'freeze.end',
    ];
    expect(deeds.filter((action) => mayDo(admin, action))).toEqual([]);
  });
});

describe('a kind of account', () => {
  it.each(ACTIONS)('service may do %s only when it starts or reads', (action) => {
    const service = actorWith(EVERY_ROLE, {
      kind: 'service',
      via: 'token',
      tokenScope: { actions: ACTIONS },
    });
    expect(mayDo(service, action)).toBe(SERVICE_MAY.includes(action));
  });

  it.each(ACTIONS)('break-glass may do %s unless it would pass for somebody', (action) => {
    const glass = actorWith(EVERY_ROLE, { kind: 'break-glass', via: 'break-glass' });
    expect(mayDo(glass, action)).toBe(!BREAK_GLASS_MAY_NOT.includes(action));
  });
});

describe('a role for some runbooks', () => {
  const limited = actorWith([{ role: 'operator', runbooks: 'erp-*' }]);

  it('counts for those only', () => {
    const seen = ['erp-failover', 'erp-', 'crm', 'xerp-failover'].map((runbook) =>
      mayDo(limited, 'run.start.live', { runbook }),
    );
    expect(seen).toEqual([true, true, false, false]);
  });

  it('counts for nothing where no runbook is named', () => {
    expect(mayDo(limited, 'run.start.live')).toBe(false);
    expect(mayDoSomewhere(limited, 'run.start.live')).toBe(true);
  });

  it('does not reach what concerns everything', () => {
    const admin = actorWith([{ role: 'admin', runbooks: 'erp-*' }]);
    expect(mayDo(admin, 'people.change', { runbook: 'erp-failover' })).toBe(false);
  });

  it('is enough for what concerns oneself', () => {
    expect(mayDo(limited, 'token.own')).toBe(true);
  });
});

describe('a token', () => {
  const byToken = (actions: readonly string[], runbooks?: string) =>
    actorWith(EVERY_ROLE, {
      via: 'token',
      tokenScope: { actions, ...(runbooks !== undefined && { runbooks }) },
    });

  it.each(ACTIONS)('never allows %s unless it was made for it', (action) => {
    const others = ACTIONS.filter((other) => other !== action);
    expect(mayDo(byToken(others), action)).toBe(false);
    expect(mayDo(byToken([action]), action)).toBe(!NO_TOKEN_FOR.includes(action));
  });

  it('never allows more than its owner may', () => {
    const viewer = actorWith(['viewer'], { via: 'token', tokenScope: { actions: ACTIONS } });
    expect(ACTIONS.filter((action) => mayDo(viewer, action))).toEqual(
      MAY.viewer.filter((action) => action !== 'token.own'),
    );
  });

  it('for some runbooks is good for those only', () => {
    const token = byToken(['run.start.drill', 'refusals.read'], 'erp-*');
    expect([
      mayDo(token, 'run.start.drill', { runbook: 'erp-failover' }),
      mayDo(token, 'run.start.drill', { runbook: 'crm' }),
      mayDo(token, 'run.start.drill'),
      mayDo(token, 'refusals.read'),
    ]).toEqual([true, false, false, false]);
  });

  it('without a scope is good for nothing', () => {
    const token = actorWith(EVERY_ROLE, { via: 'token' });
    expect(ACTIONS.filter((action) => mayDo(token, action))).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    [actorWith(['viewer']), 'run.start.live', /needs the role operator/],
    [actorWith(['operator']), 'people.change', /needs the role admin/],
    [actorWith(['auditor']), 'gate.vote', /operator or that a rule of the runbook names/],
    [actorWith([{ role: 'operator', runbooks: 'erp-*' }]), 'run.cancel', /holds it only for erp-\*/],
    [actorWith(['operator'], { kind: 'service' }), 'gate.vote', /it is a service/],
    [actorWith(['operator'], { kind: 'break-glass' }), 'gate.vote', /break-glass account/],
    [
      actorWith(['operator'], { via: 'token', tokenScope: { actions: ['run.list'] } }),
      'run.cancel',
      /scope run\.cancel/,
    ],
    [
      actorWith(['admin'], { via: 'token', tokenScope: { actions: ['people.change'] } }),
      'people.change',
      /API token/,
    ],
  ] as const)('says what is needed (%#)', (actor, action, says) => {
    expect(() => {
      assertMay(actor, action, { runbook: 'crm' });
    }).toThrow(
      expect.objectContaining({
        code: 'identity.notAllowed',
        message: expect.stringMatching(says) as string,
      }),
    );
  });
});
