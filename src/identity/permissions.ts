import type { Actor, Grant, PersonKind } from '../model/actor.ts';
import { matchesName } from '../model/name-pattern.ts';
import { IdentityError } from './identity-error.ts';

/** The roles that muster itself gives a meaning. Every other role is an approver: rules of runbooks name it. */
export const OWN_ROLES = ['viewer', 'operator', 'author', 'auditor', 'admin'] as const;
export type OwnRole = (typeof OWN_ROLES)[number];
/** Stands in the table for every role that is not one of {@link OWN_ROLES}. */
export const APPROVER = 'approver';
/** The columns of the table. */
export const ROLE_CLASSES = [...OWN_ROLES, APPROVER] as const;
export type RoleClass = (typeof ROLE_CLASSES)[number];

/**
 * Which grants count for an action.
 * - `runbook`: those for the runbook at hand; where none is named, those for every runbook.
 * - `everywhere`: those for every runbook, since the action concerns the whole installation.
 * - `anywhere`: any, since the action concerns only oneself or harmless facts.
 */
export type Reach = 'runbook' | 'everywhere' | 'anywhere';

interface Permission {
  /** What it is, for people to read. */
  readonly says: string;
  readonly reach: Reach;
  readonly roles: readonly RoleClass[];
  /** Whether a service may do it when its roles allow. A service starts and reads; it never answers for people. */
  readonly service: boolean;
  /** Whether a break-glass account may do it when its roles allow. Default true. */
  readonly breakGlass?: boolean;
  /** Whether an API token may be made for it. Default true. */
  readonly token?: boolean;
}

const EVERYBODY = ROLE_CLASSES;

/**
 * Who may do what: the one table. No role contains another. In particular `admin` looks after people and the system, and
 * neither starts, approves nor decides anything by it.
 */
export const PERMISSIONS = {
  'run.list': { says: 'list runs', reach: 'runbook', roles: EVERYBODY, service: true },
  'run.show': {
    says: 'see a run, its gates and their cards',
    reach: 'runbook',
    roles: EVERYBODY,
    service: true,
  },
  'run.start.drill': { says: 'start a drill', reach: 'runbook', roles: ['operator'], service: true },
  'run.start.live': { says: 'start a live run', reach: 'runbook', roles: ['operator'], service: true },
  'run.cancel': { says: 'cancel a run', reach: 'runbook', roles: ['operator'], service: false },
  'run.pause': {
    says: 'pause a run and let it go on',
    reach: 'runbook',
    roles: ['operator'],
    service: false,
  },
  'run.decide': {
    says: 'decide about a failed step; the rules of the decision say whether it counts',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
  },
  'gate.vote': {
    says: 'answer an approval or a manual step; its rules say whether it counts',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
    // Nobody knows which human it is: such a yes is a deviation, and has an action of its own.
    breakGlass: false,
  },
  'gate.delegate': {
    says: 'let somebody else answer in their place for a while',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
    breakGlass: false,
  },
  'gate.spoken': {
    says: 'enter a vote that was spoken on the phone, or witness it',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
    breakGlass: false,
  },
  'breakglass.use': {
    says: 'approve alone in an emergency, as a deviation that everybody is told of',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
    token: false,
  },
  'freeze.set': {
    says: 'stop everything, or what belongs to one runbook',
    reach: 'runbook',
    roles: ['operator', 'admin'],
    service: false,
  },
  'freeze.end': { says: 'end a freeze', reach: 'runbook', roles: ['operator'], service: false },
  'freeze.read': { says: 'see what is frozen', reach: 'anywhere', roles: EVERYBODY, service: true },
  'schedule.read': {
    says: 'see schedules and what became of them',
    reach: 'runbook',
    roles: EVERYBODY,
    service: true,
  },
  'schedule.change': {
    says: 'apply, pause, resume or remove a schedule',
    reach: 'runbook',
    roles: ['operator'],
    service: false,
  },
  'schedule.trigger': {
    says: 'let a schedule start its drill now',
    reach: 'runbook',
    roles: ['operator'],
    service: true,
  },
  'people.read': {
    says: 'see who there is, with which roles',
    reach: 'anywhere',
    roles: ['operator', 'author', 'auditor', 'admin', APPROVER],
    service: true,
  },
  'people.change': {
    says: 'revoke and reinstate people, end tokens of others, make tokens for services',
    reach: 'everywhere',
    roles: ['admin'],
    service: false,
    token: false,
  },
  'token.own': {
    says: 'make, list and end their own API tokens',
    reach: 'anywhere',
    roles: EVERYBODY,
    service: false,
    // A token would outlive the hour for which the account is opened.
    breakGlass: false,
    // A stolen token must not be able to renew itself.
    token: false,
  },
  'note.write': {
    says: 'write a note about a run',
    reach: 'runbook',
    roles: ['operator', 'author', 'auditor', APPROVER],
    service: false,
  },
  'note.read': { says: 'read the notes about a run', reach: 'runbook', roles: EVERYBODY, service: true },
  'finding.read': { says: 'see what was found', reach: 'runbook', roles: EVERYBODY, service: true },
  'finding.change': {
    says: 'raise a finding, say who repairs it and what was done, open it again',
    reach: 'runbook',
    roles: ['operator', 'author', 'auditor', APPROVER],
    service: false,
    // Whoever says what was done must not close it: it has to be known who that is.
    breakGlass: false,
  },
  'finding.close': {
    says: 'close a finding that somebody else has repaired',
    reach: 'runbook',
    roles: ['operator', 'auditor', APPROVER],
    service: false,
    // Nobody would know whether it is somebody else.
    breakGlass: false,
  },
  'report.review': {
    says: 'sign what they make of a report that they may read',
    reach: 'runbook',
    roles: ['auditor', APPROVER],
    service: false,
    breakGlass: false,
    token: false,
  },
  'evidence.read': {
    says: 'export the evidence and the report of a run',
    reach: 'runbook',
    roles: ['operator', 'auditor'],
    service: true,
  },
  'ledger.read': {
    says: 'see how large the ledger is, and its root',
    reach: 'anywhere',
    roles: EVERYBODY,
    service: true,
  },
  'ledger.rotate': {
    says: 'give the ledger another key',
    reach: 'everywhere',
    roles: ['admin'],
    service: false,
    breakGlass: false,
    token: false,
  },
  'ledger.prune': {
    says: 'remove what is older than the configuration keeps',
    reach: 'everywhere',
    roles: ['admin'],
    service: false,
    breakGlass: false,
    token: false,
  },
  'ledger.hold': {
    says: 'keep a run whatever its age, and see which are kept',
    reach: 'everywhere',
    roles: ['auditor', 'admin'],
    service: false,
  },
  'ledger.unhold': {
    says: 'let a run that was kept be removed again',
    reach: 'everywhere',
    // Whoever prunes must not be able to free what they prune.
    roles: ['auditor'],
    service: false,
    breakGlass: false,
    token: false,
  },
  'ledger.audit': {
    says: 'compare a run with what Temporal has of it, now',
    reach: 'runbook',
    roles: ['operator', 'auditor'],
    service: true,
  },
  'secret.list': {
    says: 'see which secrets runs were given, without what they say',
    reach: 'runbook',
    roles: ['operator', 'auditor', APPROVER],
    service: true,
  },
  'secret.reveal': {
    says: 'see a secret that is for a role of theirs',
    reach: 'runbook',
    roles: ['operator', APPROVER],
    service: false,
    // A stolen token must not give away what machines are recovered with.
    token: false,
  },
  'secret.rewrap': {
    says: 'put sealed secrets under the newest key',
    reach: 'everywhere',
    roles: ['admin'],
    service: false,
    token: false,
  },
  'refusals.read': {
    says: 'see refused answers and failed sign-ins',
    reach: 'everywhere',
    roles: ['operator', 'auditor', 'admin'],
    service: true,
  },
} as const satisfies Readonly<Record<string, Permission>>;

/** Everything that somebody may be allowed to do. */
export type Action = keyof typeof PERMISSIONS;
export const ACTIONS = Object.keys(PERMISSIONS) as readonly Action[];

export function isAction(name: string): name is Action {
  return Object.hasOwn(PERMISSIONS, name);
}

/** What an action concerns. */
export interface Concern {
  /** The name of the runbook; absent: no runbook in particular, so only grants for every runbook count. */
  readonly runbook?: string;
}

/** The column of the table that a role belongs to. */
export function classOf(role: string): RoleClass {
  return OWN_ROLES.find((own) => own === role) ?? APPROVER;
}

/** Whether an account of this kind can do such a thing at all, whatever its roles. */
export function kindMay(kind: PersonKind, action: Action): boolean {
  const { service, breakGlass = true }: Permission = PERMISSIONS[action];
  return kind === 'service' ? service : kind === 'break-glass' ? breakGlass : true;
}

/** Whether a token may be made for this. */
export function tokenMay(action: Action): boolean {
  const { token = true }: Permission = PERMISSIONS[action];
  return token;
}

/** Whether somebody may do this. Every operation and every endpoint asks here. */
export function mayDo(actor: Actor, action: Action, { runbook }: Concern = {}): boolean {
  return refusalFor(actor, action, (grant) => reaches(grant, action, runbook), runbook) === undefined;
}

/**
 * Whether there is any runbook for which somebody may do this. For lists, whose rows are then asked one by one with
 * {@link mayDo}.
 */
export function mayDoSomewhere(actor: Actor, action: Action): boolean {
  return refusalFor(actor, action, () => true) === undefined;
}

/**
 * Nothing when somebody may do this.
 *
 * @throws IdentityError `identity.notAllowed`, which names what is needed
 */
export function assertMay(actor: Actor, action: Action, { runbook }: Concern = {}): void {
  const why = refusalFor(actor, action, (grant) => reaches(grant, action, runbook), runbook);
  if (why !== undefined) throw new IdentityError('identity.notAllowed', why);
}

function reaches(
  { runbooks }: Pick<Grant, 'runbooks'>,
  action: Action,
  runbook: string | undefined,
): boolean {
  const { reach } = PERMISSIONS[action];
  if (runbooks === undefined || reach === 'anywhere') return true;
  return reach === 'runbook' && runbook !== undefined && matchesName(runbooks, runbook);
}

/** Why not, in a sentence; undefined when it is allowed. */
function refusalFor(
  { person, kind, grants, via, tokenScope }: Actor,
  action: Action,
  counts: (limit: Pick<Grant, 'runbooks'>) => boolean,
  runbook?: string,
): string | undefined {
  const { says, roles }: Permission = PERMISSIONS[action];
  const place = runbook === undefined ? '' : ` for the runbook ${runbook}`;
  const what = `${person} may not ${says}${place} (${action})`;
  if (!kindMay(kind, action)) {
    return kind === 'service'
      ? `${what}: it is a service, and this takes a person.`
      : `${what} with a break-glass account. Sign in as yourself.`;
  }
  if (via === 'token') {
    if (!tokenMay(action)) return `${what} with an API token. Sign in.`;
    // An actor by token without a scope is a mistake, and gets nothing.
    if (tokenScope?.actions.includes(action) !== true || !counts(tokenScope)) {
      return `${what} with this token: it was not made for that. Make one with the scope ${action}, or sign in.`;
    }
  }
  const held = grants.filter(({ role }) => roles.includes(classOf(role)));
  if (held.some(counts)) return undefined;
  const needed = `This needs the role ${roles.map(roleText).join(' or ')}`;
  return held.length > 0
    ? `${what}. ${needed}, and ${person} holds it only for ${held.map(({ runbooks = '*' }) => runbooks).join(', ')}.`
    : `${what}. ${needed}. Roles are given in muster.yaml, or by groups of the identity provider.`;
}

function roleText(role: RoleClass): string {
  return role === APPROVER ? 'that a rule of the runbook names' : role;
}
