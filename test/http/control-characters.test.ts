import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typedText } from '../../src/client/typed-text.ts';
import { PASSWORD } from '../identity/door.ts';
import { openTestApp, posted, RUN, type TestApp } from './app.ts';

let server: TestApp;
const credentials = new Map<string, string>();
beforeAll(async () => {
  server = await openTestApp();
  for (const person of ['operator', 'admin', 'dr-manager']) {
    credentials.set(person, await server.login(person));
  }
});
afterAll(() => server.close());

const NUL = 'a\u0000b';
const TEXT = { file: 'a.yaml', text: 'apiVersion: muster/v1\nname: a\nsteps: [{ id: a, check: 1 < 2 }]\n' };
const START = { ...TEXT, mode: 'drill', purpose: 'exercise', inputs: {} };
const VOTE = { gate: 'go', decision: 'approve' };
const SPOKEN = { gate: 'go', approver: 'operator', code: 'AAAA-AAAA', decision: 'approve' };
const TOKEN = { note: 'x', scope: { actions: ['run.list'] }, validMs: 60_000 };
const DELEGATION = { to: 'operator', until: Date.now() + 60_000, reason: 'on leave' };
const runs = `/api/v1/runs/${RUN}`;

describe('a text with a NUL is refused', () => {
  test.each([
    ['operator', '/api/v1/runs', { ...START, file: NUL }],
    ['operator', '/api/v1/runs', { ...START, inputs: { plan: NUL } }],
    ['operator', '/api/v1/runs', { ...START, inputs: { plan: { deep: [[NUL]] } } }],
    ['operator', '/api/v1/runs', { ...START, inputs: { [NUL]: 'x' } }],
    ['operator', `${runs}/rerun`, { from: NUL }],
    ['operator', `${runs}/cancel`, { reason: NUL }],
    ['operator', `${runs}/pause`, { reason: NUL }],
    ['operator', `${runs}/pause`, { step: NUL }],
    ['operator', `${runs}/resume`, { reason: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, comment: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, gate: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, for: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, seen: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, answer: NUL }],
    ['dr-manager', `${runs}/votes`, { ...VOTE, values: { orders: NUL } }],
    ['operator', `${runs}/spoken-votes`, { ...SPOKEN, comment: NUL }],
    ['operator', `${runs}/spoken-votes`, { ...SPOKEN, approver: NUL }],
    ['operator', `${runs}/spoken-votes`, { ...SPOKEN, code: NUL }],
    ['operator', `${runs}/break-glass`, { gate: 'go', reason: NUL }],
    ['admin', `${runs}/hold`, { reason: NUL }],
    ['operator', '/api/v1/freezes', { reason: NUL }],
    ['operator', '/api/v1/freezes', { reason: 'x', scope: { runbooks: NUL } }],
    ['operator', '/api/v1/freezes', { reason: 'x', scope: { connection: NUL } }],
    ['operator', '/api/v1/unfreeze', { id: NUL }],
    ['operator', '/api/v1/delegations', { ...DELEGATION, reason: NUL }],
    ['operator', '/api/v1/delegations', { ...DELEGATION, to: NUL }],
    ['operator', '/api/v1/delegations/%00/end', undefined],
    ['operator', '/api/v1/schedules/a/b/pause', { reason: NUL }],
    ['operator', '/api/v1/schedules/a/%00/resume', {}],
    ['operator', '/api/v1/tokens', { ...TOKEN, note: NUL }],
    ['admin', '/api/v1/tokens', { ...TOKEN, person: NUL }],
    ['operator', '/api/v1/tokens/%00/end', undefined],
    ['admin', '/api/v1/people/viewer/revoke', { reason: NUL }],
    ['admin', '/api/v1/people/%00/revoke', { reason: 'x' }],
    ['admin', '/api/v1/people/%00/reinstate', undefined],
  ])('from %s at %s: %j', async (person, url, body) => {
    const answer = await server.ask(credentials.get(person), 'POST', url, body);
    expect([answer.statusCode, (JSON.parse(answer.body) as { code: string }).code]).toEqual([
      400,
      'http.badRequest',
    ]);
  });

  test.each([
    ['admin', '/api/v1/people-events?person=%00'],
    ['operator', '/api/v1/schedules/launches?id=%00'],
    ['operator', '/api/v1/runs/%00'],
    ['operator', `${runs}/card?gate=%00`],
    ['operator', '/runs/%00'],
    ['operator', `/runs/${RUN}/gates/%00`],
  ])('from %s at %s', async (person, url) => {
    expect((await server.ask(credentials.get(person), 'GET', url)).statusCode).toBe(400);
  });

  test.each([
    [`/runs/${RUN}/gates/go`, { offer: 'approve', seen: 'nonce-1', comment: NUL }],
    [`/runs/${RUN}/gates/go`, { offer: 'approve', seen: 'nonce-1', 'field.orders': NUL }],
    [
      `/runs/${RUN}/spoken/go`,
      { approver: 'operator', code: 'AAAA-AAAA', decision: 'approve', comment: NUL },
    ],
    [`/runs/${RUN}/break-glass/go`, { reason: NUL }],
    ['/sign-in/emergency', { person: 'glass', password: PASSWORD, reason: NUL, next: '/' }],
    ['/sign-in/name', { person: NUL, next: '/' }],
  ])('in the form at %s', async (url, form) => {
    const cookie = `muster_session=${credentials.get('dr-manager') ?? ''}`;
    const answer = await server.app.inject({ method: 'POST', url, ...posted(form, { cookie }) });
    expect(answer.statusCode).toBe(400);
  });
});

describe('a name with control characters', () => {
  const names = ['opera\u0000tor', 'operator\u0000', 'operator\u001b[2J', '\u0000'];

  test.each(names)('is a wrong name at the API: %j', async (person) => {
    const answer = await server.ask(undefined, 'POST', '/api/v1/sign-in', { person, password: PASSWORD });
    expect([answer.statusCode, (JSON.parse(answer.body) as { code: string }).code]).toEqual([
      401,
      'identity.wrongCredentials',
    ]);
  });

  test.each(names)('is a wrong name in the form: %j', async (person) => {
    const form = { person, password: PASSWORD, next: '/' };
    const { statusCode, body } = await server.app.inject({
      method: 'POST',
      url: '/sign-in',
      ...posted(form),
    });
    expect([statusCode, body.includes('Name, password or passcode is wrong.')]).toEqual([401, true]);
  });
});

test.each(['two\r\nlines', 'a\ttab', 'Grüße, 日本 🙂', ''])('a comment may be %j', (text) => {
  expect(typedText(100).safeParse(text).success).toBe(true);
});
