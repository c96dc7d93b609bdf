import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepRecord } from '../../src/model/run.ts';
import { PASSWORD } from '../identity/door.ts';
import { gate, haltedStep, timeline, waitingStep } from '../cli/sample-run.ts';
import { appForTest, openTestApp, posted, RUN, type TestApp } from './app.ts';

let server: TestApp;
beforeAll(async () => (server = await openTestApp()));
afterAll(() => server.close());

const HTML = { accept: 'text/html' };
const EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e';

async function cookieOf(one: TestApp, person: string): Promise<string> {
  return `muster_session=${await one.login(person)}`;
}

async function open({ app }: TestApp, url: string, cookie = ''): Promise<string> {
  return (await app.inject({ url, headers: { ...HTML, cookie } })).body;
}

/** A gate page over one step that waits. */
async function gatePage(step: StepRecord, person = 'dr-manager'): Promise<string> {
  const one = await appForTest({ control: { timeline: () => timeline([step]) } });
  return open(one, `/runs/${RUN}/gates/${step.path}`, await cookieOf(one, person));
}

describe('signing in', () => {
  const post = ({ app }: TestApp, url: string, form: Record<string, string>, cookie = '') =>
    app.inject({ method: 'POST', url, ...posted(form, { cookie }) });

  test('goes on to the page that was asked for', async () => {
    const stranger = await server.app.inject({ url: `/runs/${RUN}/gates/go`, headers: HTML });
    expect([stranger.statusCode, stranger.headers.location]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(`/runs/${RUN}/gates/go`)}`,
    ]);
    const form = { person: 'viewer', password: PASSWORD, code: '', next: `/runs/${RUN}/gates/go` };
    const answer = await post(server, '/sign-in', form);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/runs/${RUN}/gates/go`]);
  });

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\r\nb'])(
    'never goes on to %s',
    async (next) => {
      const answer = await post(server, '/sign-in', { person: 'viewer', password: PASSWORD, next });
      expect(answer.headers.location).toBe('/');
    },
  );

  test('says that something was wrong, and not what', async () => {
    const wrong = await post(server, '/sign-in', { person: 'viewer', password: 'no', next: '/' });
    const nobody = await post(server, '/sign-in', { person: 'who', password: 'no', next: '/' });
    expect([wrong.statusCode, nobody.statusCode]).toEqual([401, 401]);
    expect(wrong.body).toBe(nobody.body);
  });

  test('does not repeat what a stranger typed', async () => {
    const { body } = await post(server, '/sign-in', { person: EVIL, password: EVIL, next: EVIL });
    expect(body).not.toContain('alert(1)');
  });

  test('by break glass needs a reason, and is recorded loudly', async () => {
    const form = { person: 'glass', password: PASSWORD, next: '/' };
    expect((await post(server, '/sign-in/emergency', { ...form, reason: '' })).statusCode).toBe(401);
    const answer = await post(server, '/sign-in/emergency', { ...form, reason: 'the provider burns' });
    expect(answer.statusCode).toBe(303);
    const auditor = await server.identity.actorOf(await server.login('auditor'));
    const events = await server.identity.events(auditor, { person: 'glass' });
    expect(events).toMatchObject([{ kind: 'breakGlass', detail: 'the provider burns' }]);
  });

  test('does not open the break-glass account by the usual door', async () => {
    const answer = await post(server, '/sign-in', { person: 'glass', password: PASSWORD, next: '/' });
    expect(answer.statusCode).toBe(401);
  });

  test('ends with the session', async () => {
    const cookie = await cookieOf(server, 'author');
    const answer = await post(server, '/sign-out', {}, cookie);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in']);
    expect(await server.app.inject({ url: '/', headers: { ...HTML, cookie } })).toMatchObject({
      statusCode: 303,
    });
  });
});

describe('names', () => {
  test('are chosen where the configuration believes them', async () => {
    const one = await appForTest({ trustLocal: true });
    expect(await open(one, '/sign-in')).toContain('The operator');
    const answer = await one.app.inject({
      method: 'POST',
      url: '/sign-in/name',
      ...posted({ person: 'operator', next: '/' }),
    });
    const chosen = answer.cookies.find(({ name }) => name === 'muster_local')?.value ?? '';
    const cookie = `muster_local=${chosen}`;
    const me = await one.app.inject({ url: '/api/v1/me', headers: { cookie } });
    expect(JSON.parse(me.body)).toMatchObject({ person: 'operator', assurance: 'asserted' });
  });

  test('are not believed of another machine', async () => {
    const one = await appForTest({ trustLocal: true });
    const { statusCode } = await one.app.inject({
      url: '/api/v1/me',
      headers: { cookie: 'muster_local=operator' },
      remoteAddress: '192.0.2.9',
    });
    expect(statusCode).toBe(401);
  });

  test('are not believed elsewhere', async () => {
    expect(await open(server, '/sign-in')).not.toContain('The operator');
    const answer = await server.app.inject({
      method: 'POST',
      url: '/sign-in/name',
      ...posted({ person: 'operator', next: '/' }),
    });
    expect(answer.statusCode).toBe(401);
  });
});

describe('a page', () => {
  test('has no script, and its tags are closed', async () => {
    const cookie = await cookieOf(server, 'dr-manager');
    const urls = ['/', '/sign-in', '/sign-in/emergency', `/runs/${RUN}`, `/runs/${RUN}/gates/go`];
    const pages = await Promise.all(urls.map((url) => open(server, url, cookie)));
    expect(pages.filter((text) => /<script|javascript:| on\w+=/i.test(text))).toEqual([]);
    expect(pages.map(unclosedTags)).toEqual(urls.map(() => []));
  });

  test('changes nothing by being opened, however often', async () => {
    const cookie = await cookieOf(server, 'dr-manager');
    for (const url of ['/', '/sign-in', `/runs/${RUN}`, `/runs/${RUN}/gates/go`]) {
      await open(server, url, cookie);
      await open(server, `${url}?offer=approve&decision=approve&seen=nonce-1`, cookie);
    }
    expect([server.control.votes, server.control.cancels, server.control.started]).toEqual([[], [], []]);
  });

  test('shows what a runbook or a server wrote as text', async () => {
    const step = waitingStep('go', {
      title: EVIL,
      gate: gate({
        title: EVIL,
        instructions: EVIL,
        missing: [EVIL],
        covered: [{ path: EVIL, action: EVIL, with: { [EVIL]: EVIL }, target: EVIL }],
        voided: [{ at: 0, reasons: [EVIL], votes: [] }],
      }),
    });
    const body = await gatePage(step);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toMatch(/<script|<img|\u202e/);
  });
});

describe('the page of a gate', () => {
  test('says what the yes allows, and offers it', async () => {
    const body = await gatePage(waitingStep());
    expect(body).toContain('Fail ERP over now?');
    expect(body).toMatch(/<button[^>]*value="approve"/);
  });

  test('lets somebody look who may not answer', async () => {
    const body = await gatePage(waitingStep(), 'viewer');
    expect(body).toContain('You may look at this, and not answer it.');
    expect(body).not.toContain('<button class="yes"');
  });

  test('offers what can be decided about a failed step', async () => {
    const body = await gatePage(haltedStep(), 'operator');
    expect(body).toContain('value="continue RetryFailedVm"');
    expect(body).not.toContain('value="retry"');
  });

  test('has a field for each thing to fill in', async () => {
    const answer = { decision: 'answer', answer: 'done', says: 'It is done: go on.' } as const;
    const fields = { orders: { type: 'integer', description: 'Open orders' } } as const;
    const body = await gatePage(
      waitingStep('go', { gate: gate({ kind: 'manual', offers: [answer], fields }) }),
    );
    expect(body).toMatch(/Open orders[^]*name="field.orders"/);
    expect(body).toContain('value="answer done"');
  });

  test('says so when nothing is asked there any more', async () => {
    const one = await appForTest({ control: { timeline: () => timeline([]) } });
    const cookie = await cookieOf(one, 'dr-manager');
    const answer = await one.app.inject({ url: `/runs/${RUN}/gates/go`, headers: { ...HTML, cookie } });
    expect([answer.statusCode, answer.body.includes('gate.notOpen')]).toEqual([409, true]);
  });
});

describe('an answer', () => {
  const answerAt = async (one: TestApp, form: Record<string, string>, person = 'dr-manager') =>
    one.app.inject({
      method: 'POST',
      url: `/runs/${RUN}/gates/go`,
      ...posted({ seen: 'nonce-1', ...form }, { cookie: await cookieOf(one, person) }),
    });

  test('is a vote of whoever is signed in', async () => {
    const one = await appForTest();
    const answer = await answerAt(one, { offer: 'approve', comment: ' go ahead ' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/runs/${RUN}`]);
    expect(one.control.votes.map(claimsOf)).toMatchObject([
      { decision: 'approve', person: 'dr-manager', comment: 'go ahead', assurance: 'password' },
    ]);
  });

  test('counts only for the card that was seen', async () => {
    const one = await appForTest();
    const answer = await answerAt(one, { offer: 'approve', seen: 'nonce-0' });
    expect([answer.statusCode, one.control.votes]).toEqual([422, []]);
    expect(answer.body).toContain('It has changed since you opened the card.');
  });

  test('without the reason it needs is asked for again', async () => {
    const one = await appForTest();
    const answer = await answerAt(one, { offer: 'reject' });
    expect([answer.statusCode, one.control.votes]).toEqual([422, []]);
    expect(answer.body).toContain('role="alert"');
  });

  test('of somebody who may not is none', async () => {
    const one = await appForTest();
    expect((await answerAt(one, { offer: 'approve' }, 'viewer')).statusCode).toBe(403);
    expect(one.control.votes).toEqual([]);
  });

  test.each(['', 'steal', 'approve approve', '__proto__'])('that is none (%j) is refused', async (offer) => {
    const one = await appForTest();
    const { statusCode } = await answerAt(one, { offer });
    expect([statusCode, one.control.votes]).toEqual([400, []]);
  });
});

function claimsOf(jws: string): object {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
}

/** Tags that are opened and not closed, or the other way round. */
function unclosedTags(text: string): string[] {
  const stack: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = ''] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^>]*)?>/g)) {
    if (['meta', 'link', 'input', 'br'].includes(name)) continue;
    if (close === '') stack.push(name);
    else if (stack.pop() !== name) wrong.push(`</${name}>`);
  }
  return [...wrong, ...stack];
}
