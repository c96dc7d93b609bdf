import { canarySecret } from '../support/canary-secret.ts';
import type { CanarySite } from './canary-site.ts';

interface Wrong {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** Requests that hold a secret where it does not belong, or one that is wrong. */
function requestsWith(
  { http: { url }, canaries }: CanarySite,
  credentials: { readonly boris: string; readonly ended: string },
): readonly Wrong[] {
  const given = (name: string): string => canaries.used(name, canarySecret());
  const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
  const json = { 'content-type': 'application/json' };
  const login = (body: object | string): Wrong => ({
    path: '/api/v1/sign-in',
    headers: json,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const id = 'a1b2c3d4e5f6';
  return [
    { path: '/api/v1/me', headers: bearer(credentials.ended) },
    { path: '/api/v1/me', headers: bearer(given('bad token')) },
    { path: '/api/v1/me', headers: bearer(`mst_${id}_${given('unknown token').padEnd(43, 'x')}`) },
    { path: '/api/v1/me', headers: { authorization: `Basic ${btoa(`anna:${given('basic password')}`)}` } },
    { path: '/api/v1/me', headers: { cookie: `muster_session=${given('bad cookie')}` } },
    {
      path: '/runs',
      headers: { cookie: `muster_session=mss_${id}_${given('page cookie').padEnd(43, 'x')}` },
    },
    { path: `/api/v1/nowhere?token=${given('in an address')}` },
    { path: `/api/v1/runs?limit=${given('in a query')}`, headers: bearer(credentials.boris) },
    {
      path: `/api/v1/secrets/${given('revealed by itself')}/reveal`,
      headers: { ...json, ...bearer(credentials.boris) },
      body: '{}',
    },
    {
      path: '/api/v1/freezes',
      headers: { ...json, ...bearer(credentials.boris) },
      body: JSON.stringify({ reason: ['x'], scope: { runbooks: given('in a body') } }),
    },
    {
      path: `/sign-in/callback?code=${given('bad code')}&state=${given('bad state')}`,
      headers: { cookie: `muster_login=${given('bad binding')}%20/` },
    },
    {
      path: '/api/v1/sign-in/cli',
      headers: json,
      body: JSON.stringify({
        code: given('bad hand-over').padEnd(43, 'x'),
        verifier: given('bad verifier').padEnd(43, 'x'),
      }),
    },
    {
      path: '/sign-in',
      headers: { origin: url },
      body: new URLSearchParams({ person: 'ada', password: given('wrong in the form'), next: '/' }),
    },
    { path: '/sign-in', method: 'POST', headers: { 'content-type': 'text/plain' }, body: given('as a text') },
    login({ person: 'ada', password: given('wrong password') }),
    login({ person: given('typed as a name'), password: 'ada' }),
    login({ person: 'ada', password: 'x', code: canaries.get('anna.totp') }),
    login({ person: 'ada', password: [given('in a list')] }),
    login(`{"person":"ada","password":"${given('in no JSON')}`),
    login(`"${given('as JSON')}"`),
  ];
}

/** What the server answers to them, headers and all. @throws Error when it takes one of them */
export async function answersToWrongOnes(
  site: CanarySite,
  credentials: Parameters<typeof requestsWith>[1],
): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const { path, body, method = body === undefined ? 'GET' : 'POST', headers } of requestsWith(
    site,
    credentials,
  )) {
    const answer = await fetch(`${site.http.url}${path}`, {
      method,
      redirect: 'manual',
      ...(headers !== undefined && { headers: { ...headers } }),
      ...(body !== undefined && { body }),
    });
    if (answer.ok) throw new Error(`${method} ${path} was taken`);
    answers.push([answer.status, ...[...answer.headers].flat(), await answer.text()].join('\n'));
  }
  return answers;
}

/** A page as somebody sees it whom a form has signed in; the cookie is a canary. */
export async function pageBy(
  { http: { url }, canaries }: CanarySite,
  person: string,
  path: string,
): Promise<string> {
  const form = new URLSearchParams({ person, password: canaries.get(person), next: path });
  const entered = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: form,
  });
  const [, cookie = '', secret = ''] =
    /(muster_session=mss_[^_]+_([\w-]+))/.exec(entered.headers.getSetCookie().join('\n')) ?? [];
  canaries.used(`cookie of ${person}`, secret);
  return (await fetch(`${url}${path}`, { headers: { cookie } })).text();
}
