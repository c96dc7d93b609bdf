import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classOf, mayDo, PERMISSIONS, type Action } from '../../src/identity/index.ts';
import type { Actor } from '../../src/model/actor.ts';
import { openTestApp, routesOf, RUN, type TestApp } from './app.ts';

const TEXT = { file: 'a.yaml', text: 'apiVersion: muster/v1\nname: a\nsteps: [{ id: a, check: 1 < 2 }]\n' };
const START = { ...TEXT, purpose: 'exercise', inputs: {} };
const SCHEDULED = { file: 'dr-drill.yaml', text: TEXT.text.replace('name: a', 'name: dr-drill') };

type Needed = Action | 'anybody' | readonly Action[];
type Endpoint = readonly [route: string, needed: Needed, url: string, body?: object];

/** Each address with what it takes to be allowed there (one of several); `anybody`: whoever has signed in. */
const ENDPOINTS: readonly Endpoint[] = [
  ['POST /api/v1/sign-out', 'anybody', ''],
  ['GET /api/v1/me', 'anybody', ''],
  ['POST /api/v1/validate', 'anybody', '', TEXT],
  ['GET /api/v1/runs', 'anybody', ''],
  ['POST /api/v1/runs', 'run.start.drill', '', { ...START, mode: 'drill' }],
  ['POST /api/v1/runs', 'run.start.live', '', { ...START, mode: 'live' }],
  ['GET /api/v1/runs/:runId', 'run.show', `/${RUN}`],
  ['POST /api/v1/runs/:runId/cancel', 'run.cancel', `/${RUN}/cancel`, {}],
  ['POST /api/v1/runs/:runId/pause', 'run.pause', `/${RUN}/pause`, {}],
  ['POST /api/v1/runs/:runId/resume', 'run.pause', `/${RUN}/resume`, {}],
  ['GET /api/v1/runs/:runId/refusals', 'refusals.read', `/${RUN}/refusals`],
  ['GET /api/v1/runs/:runId/evidence', 'evidence.read', `/${RUN}/evidence`],
  ['GET /api/v1/runs/:runId/report', 'evidence.read', `/${RUN}/report`],
  ['GET /api/v1/ledger', 'ledger.read', ''],
  ['GET /api/v1/ledger/entries', 'evidence.read', '?from=0'],
  ['GET /api/v1/ledger/checkpoints', 'evidence.read', '?after=-1'],
  ['POST /api/v1/ledger/rotate', 'ledger.rotate', '', { bothMs: 1 }],
  ['GET /api/v1/ledger/prunings', 'evidence.read', ''],
  ['POST /api/v1/ledger/prune', 'ledger.prune', '', { dryRun: true }],
  ['GET /api/v1/audits', 'anybody', ''],
  ['GET /api/v1/runs/:runId/audit', 'evidence.read', `/${RUN}/audit`],
  ['POST /api/v1/runs/:runId/audit', 'ledger.audit', `/${RUN}/audit`, {}],
  ['GET /api/v1/holds', 'ledger.hold', ''],
  ['POST /api/v1/runs/:runId/hold', 'ledger.hold', `/${RUN}/hold`, { reason: 'a test' }],
  ['POST /api/v1/runs/:runId/unhold', 'ledger.unhold', `/${RUN}/unhold`, {}],
  ['GET /api/v1/secrets', 'secret.list', ''],
  ['POST /api/v1/secrets/:id/reveal', 'secret.reveal', '/nothing/reveal', {}],
  ['POST /api/v1/secrets/rewrap', 'secret.rewrap', '', {}],
  ['GET /api/v1/report', 'evidence.read', `?from=0&to=${Date.now()}&format=json`],
  ['GET /api/v1/runs/:runId/notes', 'note.read', `/${RUN}/notes`],
  ['POST /api/v1/runs/:runId/notes', 'note.write', `/${RUN}/notes`, { text: 'a test' }],
  ['GET /api/v1/runs/:runId/notes/:id/file', 'note.read', `/${RUN}/notes/none/file`],
  ['GET /api/v1/findings', 'anybody', ''],
  ['GET /api/v1/findings/one', 'finding.read', '?id=none'],
  ['POST /api/v1/findings', 'finding.change', '', { text: 'a test', severity: 'low' }],
  ['POST /api/v1/findings/assign', 'finding.change', '', { id: 'none', owner: 'boris' }],
  ['POST /api/v1/findings/repair', 'finding.change', '', { id: 'none', text: 'a test' }],
  ['POST /api/v1/findings/close', 'finding.close', '', { id: 'none', evidence: ['a'] }],
  ['POST /api/v1/findings/reopen', 'finding.change', '', { id: 'none', reason: 'a test' }],
  ['GET /api/v1/runs/:runId/card', 'run.show', `/${RUN}/card?gate=go`],
  ['POST /api/v1/runs/:runId/votes', 'gate.vote', `/${RUN}/votes`, { gate: 'go', decision: 'approve' }],
  [
    'POST /api/v1/runs/:runId/spoken-votes',
    'gate.spoken',
    `/${RUN}/spoken-votes`,
    { gate: 'go', approver: 'dr-manager', code: 'nonsense', decision: 'approve' },
  ],
  [
    'POST /api/v1/runs/:runId/break-glass',
    'breakglass.use',
    `/${RUN}/break-glass`,
    { gate: 'go', reason: 'a test' },
  ],
  [
    'POST /api/v1/runs/:runId/spoken-votes',
    'gate.spoken',
    `/${RUN}/spoken-votes`,
    { gate: 'go', approver: 'dr-manager', code: 'AAAA-AAAA', decision: 'approve' },
  ],
  [
    'POST /api/v1/runs/:runId/break-glass',
    'breakglass.use',
    `/${RUN}/break-glass`,
    { gate: 'go', reason: 'a test' },
  ],
  ['GET /api/v1/inbox', 'anybody', ''],
  ['GET /api/v1/freezes', 'freeze.read', ''],
  ['POST /api/v1/freezes', 'freeze.set', '', { reason: 'a test', until: Date.now() + 1_000 }],
  ['GET /api/v1/schedules', 'anybody', ''],
  ['GET /api/v1/schedules/next', 'anybody', '?count=1'],
  ['GET /api/v1/schedules/launches', 'anybody', ''],
  ['POST /api/v1/schedules/plan', 'schedule.read', '', SCHEDULED],
  ['POST /api/v1/schedules/apply', 'schedule.change', '', SCHEDULED],
  ['GET /api/v1/people', 'people.read', ''],
  ['GET /api/v1/people-events', 'refusals.read', ''],
  ['POST /api/v1/people/:person/revoke', 'people.change', '/nobody-here/revoke', { reason: 'a test' }],
  ['POST /api/v1/people/:person/reinstate', 'people.change', '/nobody-here/reinstate'],
  ['GET /api/v1/delegations', ['gate.delegate', 'people.read'], ''],
  [
    'POST /api/v1/delegations',
    'gate.delegate',
    '',
    { to: 'nobody-here', until: Date.now() + 60_000, reason: 'a test' },
  ],
  ['POST /api/v1/tokens', 'token.own', '', { note: 'x', scope: { actions: ['nonsense'] }, validMs: 60_000 }],
  ['GET /runs/:runId', 'run.show', `/${RUN}`],
  ['GET /runs/:runId/gates/*', 'run.show', `/${RUN}/gates/go`],
  ['GET /', 'anybody', ''],
];

/** What needs something that is there; who may do it is looked at where that is made. */
const ELSEWHERE = new Set([
  'POST /api/v1/runs/:runId/rerun',
  // It takes two permissions.
  'POST /api/v1/runs/:runId/reviews',
  'POST /api/v1/reviews',
  'POST /api/v1/unfreeze',
  'POST /api/v1/schedules/:runbook/:name/pause',
  'POST /api/v1/schedules/:runbook/:name/resume',
  'POST /api/v1/schedules/:runbook/:name/trigger',
  'POST /api/v1/schedules/:runbook/:name/remove',
  'POST /api/v1/delegations/:id/end',
  'GET /api/v1/tokens',
  'POST /api/v1/tokens/:id/end',
  'POST /runs/:runId/gates/*',
  'POST /runs/:runId/spoken/*',
  'POST /runs/:runId/break-glass/*',
  'POST /runs/:runId/spoken/*',
  'POST /runs/:runId/break-glass/*',
]);

let server: TestApp;
const credentials = new Map<string, string>();
const actors = new Map<string, Actor>();

beforeAll(async () => {
  server = await openTestApp();
  for (const person of ['viewer', 'operator', 'author', 'auditor', 'admin', 'dr-manager']) {
    credentials.set(person, await server.login(person));
  }
  const admin = await server.identity.actorOf(credentials.get('admin') ?? '');
  const { credential } = await server.identity.tokens.make(admin, {
    note: 'for a test',
    person: 'robot',
    scope: { actions: ['run.list', 'run.show', 'run.start.drill', 'freeze.read'] },
    validMs: 60_000,
  });
  credentials.set('robot', credential);
  for (const [name, by] of credentials) actors.set(name, await server.identity.actorOf(by));
});
afterAll(() => server.close());

/** Roles that the table names, and everybody who has signed in where it names none. */
function isAllowed(actor: Actor, needed: Needed, runbook: string): boolean {
  if (needed === 'anybody') return true;
  return [needed].flat().some((action) => mayDo(actor, action, { runbook }));
}

const PEOPLE = ['viewer', 'operator', 'author', 'auditor', 'admin', 'dr-manager', 'robot'];
// Signing out comes last: it ends what the others ask with.
const asked = [...ENDPOINTS.slice(1), ...ENDPOINTS.slice(0, 1)].map(([route, needed, rest, body]) => ({
  route,
  needed,
  rest,
  body,
}));

describe.each(PEOPLE)('%s', (person) => {
  test.each(asked)('$route needs $needed', async ({ route, needed, rest, body }) => {
    const [method = '', address = ''] = route.split(' ');
    const base = address.replace(/\/:.*$/, '');
    const actor = actors.get(person);
    if (actor === undefined) throw new Error(`nobody is called ${person}`);
    const { statusCode } = await server.ask(
      credentials.get(person),
      method as 'GET' | 'POST',
      `${base}${rest}`,
      body,
    );
    expect(statusCode !== 403 && statusCode !== 401).toBe(isAllowed(actor, needed, 'dr-drill'));
  });
});

test('every route of the API is looked at', () => {
  const known = new Set([...ENDPOINTS.map(([route]) => route), ...ELSEWHERE]);
  const closed = routesOf(server.app)
    .filter(({ method }) => method === 'GET' || method === 'POST')
    .map(({ method, url }) => `${method} ${url}`)
    .filter((route) => !/sign-|health|style|openapi/.test(route));
  expect(closed.filter((route) => !known.has(route))).toEqual([]);
});

test('the people of this test are all columns of the table', () => {
  const roles = new Set(Object.values(PERMISSIONS).flatMap((each): readonly string[] => each.roles));
  expect([...roles].sort()).toEqual([...new Set(PEOPLE.slice(0, 6).map(classOf))].sort());
});
