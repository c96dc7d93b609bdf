import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signatureOf, SIGNATURE_HEADER } from '../../activities/notify/webhook.ts';
import type { Muster } from '../../src/client/index.ts';
import { createHttpMuster } from '../../src/client/over-http.ts';
import { sumUpRuns } from '../../src/client/sum-up.ts';
import { createControl } from '../../src/control/index.ts';
import { endsNoted } from '../support/ends-noted.ts';
import { totpCode } from '../../src/veeam/totp.ts';
import { signInAs } from '../identity/oidc-door.ts';
import { awkwardCanary, canaryKey } from '../support/canary-secret.ts';
import type { Twist } from '../support/hostile-server.ts';
import { outcomesOf } from '../support/stage.ts';
import { CanaryList, placesWith } from './canary-list.ts';
import { placesOf, texts } from './canary-places.ts';
import { canarySite, LOGINS, type CanarySite } from './canary-site.ts';
import { answersToWrongOnes, pageBy } from './wrong-requests.ts';

/** Stands wherever a run is spoken of: it proves that the search finds what is there. */
const NAME = 'planted-k7m2qz';
const LOOKS = {
  vro: 'uses: vro.plan, with: { plan: ERP }',
  vbr: 'uses: vbr.listRecoveryTokens',
  one: 'uses: one.openAlarms',
} as const;
const RUNBOOK = `apiVersion: muster/v1
name: ${NAME}
connections: { vro: dr-site, vbr: dr-backup, one: hq }
inputs: { backup: { type: string }, other: { type: string } }
steps:
  - id: logins
    parallel:
${LOGINS.map(
  ({ name, kind, proxy }, index) =>
    `      - { id: login${index}, ${LOOKS[kind]}, connection: ${name}, onFailure: continue${proxy === true ? ', timeout: 1s' : ''} }`,
).join('\n')}
  - { id: go, approval: { title: Go on?, covers: [failover], rules: [{ role: dr-manager, count: 2 }] } }
  - { id: alarms, uses: one.openAlarms, onFailure: continue }
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY } }
  - { id: issue, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.backup }}"], validFor: 1h, revealTo: dr-manager } }
  - { id: another, uses: vbr.issueRecoveryToken, with: { backupIds: ["\${{ inputs.other }}"], validFor: 1h, revealTo: dr-manager } }
  - { id: hook, uses: notify.webhook, with: { channel: hook-bad, text: hello } }
  - { id: slack, uses: notify.slack, with: { channel: slack-bad, text: hello } }
  - { id: teams, uses: notify.teams, with: { channel: teams-bad, text: hello } }
  - { id: mail, uses: notify.email, with: { channel: mail-bad, text: hello } }
  - { id: odd, check: 1 > 2 }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`;

/** The server refuses, and hands back whatever it was sent. */
const echo: Twist = (_, { authorization, body }) => ({
  status: 400,
  text: JSON.stringify({ message: `what is "${body}" of ${authorization}?` }),
});
/** The server has done it, and hands its answer out with a failure. */
const leak: Twist = ({ text }) => ({ status: 500, text: JSON.stringify({ message: `after ${text}` }) });

/** What somebody signs in with is a canary from then on. */
function holding({ canaries }: CanarySite, name: string, credential: string): string {
  canaries.used(name, credential.split('_').slice(2).join('_'));
  return credential;
}

async function signedIn(site: CanarySite, person: string, more: object = {}): Promise<string> {
  const { http, canaries } = site;
  const answer = await fetch(`${http.url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person, password: canaries.get(person), ...more }),
  });
  const { credential = '' } = (await answer.json()) as { credential?: string };
  canaries.prove(answer.status === 200, person);
  return holding(site, `session of ${person}`, credential);
}

/** Everybody who has a part in it, each as their own session says. */
async function peopleOf(site: CanarySite) {
  const { stage, canaries, http } = site;
  const code = totpCode(canaries.get('anna.totp'), Math.floor(Date.now() / 30_000));
  const by = (credential: string): Muster => createHttpMuster({ url: http.url, credential });
  const { credential: mona } = await signInAs(stage.data.identity, 'mona');
  canaries.prove(true, 'oidc-client');
  const credentials = {
    anna: await signedIn(site, 'anna', { code }),
    boris: await signedIn(site, 'boris'),
    ada: await signedIn(site, 'ada'),
    glass: await signedIn(site, 'glass', { reason: 'the site burns' }),
    mona: holding(site, 'session of mona', mona),
  };
  canaries.prove(true, 'anna.totp');
  const { anna, boris, ada } = credentials;
  const tokenOf = async (muster: Muster, note: string, person?: string): Promise<[string, string]> => {
    const scope = { actions: ['run.start.drill', 'run.show'] };
    const token = { note, scope, validMs: 3_600_000, ...(person !== undefined && { person }) };
    const { id, credential } = await muster.tokens.make(token);
    return [id, holding(site, note, credential)];
  };
  const [, token] = await tokenOf(by(anna), 'token of anna');
  await tokenOf(by(ada), 'token of the robot', 'robot');
  const [ended, endedToken] = await tokenOf(by(anna), 'token that has ended');
  await by(anna).tokens.end({ id: ended });
  return {
    ...{ anna: by(anna), boris: by(boris), ada: by(ada), mona: by(credentials.mona), robot: by(token) },
    credentials: { ...credentials, ended: endedToken },
  };
}

/** A drill in which everything is refused, echoed or leaked once. */
async function drill(site: CanarySite, people: Awaited<ReturnType<typeof peopleOf>>): Promise<string> {
  const { stage, servers, canaries } = site;
  const [backup, other] = stage.simulator.world.scenario.vbr.agentBackups.map(({ id }) => id);
  const { runId } = await people.robot.start({
    ...{ file: 'planted.yaml', text: RUNBOOK, mode: 'drill', purpose: 'exercise', inputs: { backup, other } },
  });
  await stage.gate(runId, 'go');
  servers.one.misbehave({ on: /^GET /, twist: echo });
  servers.vro.misbehave({ on: /RuntimeDetails/, twist: leak, times: 3 });
  servers.vbr.misbehave({ on: /^POST .*recoveryTokens/, twist: leak, times: 1 });
  await people.boris.vote({ runId, gate: 'go', decision: 'approve', comment: 'fine' });
  await people.mona.vote({ runId, gate: 'go', decision: 'approve' });
  await stage.gate(runId, 'odd');
  await people.anna.notes.add({ runId, text: 'It was planted.' });
  await people.anna.vote({ runId, gate: 'odd', decision: 'skip', comment: 'it is odd' });
  const view = await stage.ended(runId);
  expect(outcomesOf(view)).toMatchObject({
    ...Object.fromEntries(
      LOGINS.map(({ isBad }, index) => [`logins/login${index}`, isBad === true ? 'failed' : 'succeeded']),
    ),
    ...{ alarms: 'failed', failover: 'succeeded', issue: 'succeeded', another: 'succeeded' },
    ...{ hook: 'warned', slack: 'warned', teams: 'warned', mail: 'warned', odd: 'skipped' },
  });
  // The passcodes were right.
  canaries.prove(true, 'mfa-1.totp', 'mfa-2.totp');
  await stage.muster.result(runId);
  const { stores, sealing } = stage.data;
  const control = createControl({ client: stage.client, taskQueue: stage.taskQueue });
  await endsNoted({ control, stores });
  await sumUpRuns({ control, stores, sealing, now: Date.now });
  return runId;
}

/** The tokens that went over the wire, and those that the run was given. */
function addTokens({ servers, canaries, stage }: CanarySite): void {
  const heard = Object.values(servers).flatMap((server) => server.heard);
  const fields = /"(access_token|refresh_token|mfa_token)":"([^"]+)"/g;
  const tokens = new Set(
    heard.flatMap((text) => [...text.matchAll(fields)].map(([, , token]) => token ?? '')),
  );
  for (const token of tokens) canaries.used(`token ${canaries.all.size}`, token);
  for (const { id, recoveryToken } of stage.simulator.world.recoveryTokens.list()) {
    canaries.used(`recovery token ${id}`, recoveryToken);
  }
}

/** What signs, and what messages were signed with. */
async function addKeys({ stage, canaries, channels, proxy }: CanarySite): Promise<void> {
  const keys = join(stage.folder, 'data', 'keys');
  for (const name of (await readdir(keys)).filter((file) => file.endsWith('.pem'))) {
    const key = createPrivateKey(await readFile(join(keys, name)));
    const { d = '' } = key.export({ format: 'jwk' });
    canaries.used(name, Buffer.from(d, 'base64url'));
  }
  for (const [name, { posts }] of [
    ['hook.key', channels.good],
    ['hook-bad.key', channels.bad],
  ] as const) {
    const isSigned = posts.some(({ headers, body }) => {
      const signature = String(headers[SIGNATURE_HEADER]);
      const at = Number(/^t=(\d+)/.exec(signature)?.[1]) * 1_000;
      return signature === signatureOf(canaries.get(name), at, body);
    });
    canaries.prove(isSigned, name);
  }
  for (const name of ['sealing', 'sealing-before']) {
    canaries.used(`${name}, its bytes`, Buffer.from(canaries.get(name), 'base64'));
  }
  for (const { path } of [...channels.good.posts, ...channels.bad.posts]) canaries.saw(path);
  for (const { authorization = '' } of proxy.asked) canaries.saw(authorization);
}

/** Shows what was issued, under one key and then under the next. */
async function reveal(site: CanarySite, { boris, ada }: Awaited<ReturnType<typeof peopleOf>>): Promise<void> {
  const { stage, canaries, write } = site;
  const issued = stage.simulator.world.recoveryTokens.list();
  const values = async () =>
    Promise.all(issued.map(async ({ id }) => (await boris.secrets.reveal({ id })).value));
  const before = await values();
  await write('sealing-now', canaries.get('sealing'));
  const { rewrapped } = await ada.secrets.rewrap();
  const known = issued.map(({ recoveryToken }) => recoveryToken);
  canaries.prove(before.join() === known.join() && rewrapped === known.length, 'sealing-before');
  canaries.prove((await values()).join() === known.join(), 'sealing');
}

test.each([
  ['text', awkwardCanary()],
  ['bytes', Buffer.from(canaryKey(), 'base64')],
])('a secret of %s is found however it is written', (_what, secret) => {
  const canaries = new CanaryList();
  canaries.add('it', secret);
  const asBytes = ['', 'a', 'ab'].flatMap((before) => {
    const all = Buffer.concat([Buffer.from(before), Buffer.from(secret)]);
    return [all, ...(['hex', 'base64', 'base64url'] as const).map((encoding) => all.toString(encoding))];
  });
  const form = new URLSearchParams({ secret: String(secret) }).toString();
  const asText = [
    ...[encodeURIComponent(String(secret)), form, JSON.stringify({ secret }), String(secret).toUpperCase()],
    ...[String(secret).toLowerCase(), String(secret).replaceAll(/(.{10})/g, '$1\n')],
  ];
  const written = typeof secret === 'string' ? [...asBytes, ...asText] : asBytes;
  const places = Object.fromEntries(written.map((text, index) => [index, [text]]));
  expect(canaries.foundIn(texts(places))).toEqual(written.map((_text, index) => `${index}: it`));
});

test('of more than fifty secrets none is anywhere, in any form', { timeout: 120_000 }, async () => {
  const site = await canarySite();
  const { canaries, stage } = site;
  const people = await peopleOf(site);
  const runId = await drill(site, people);
  await reveal(site, people);
  const errors = await answersToWrongOnes(site, people.credentials);
  const { boris } = people.credentials;
  const refused = await fetch(`${site.http.url}/api/v1/runs/${runId}/evidence`, {
    headers: { authorization: `Bearer ${boris}` },
  });
  const page = await pageBy(site, 'boris', `/runs/${runId}`);
  site.logger.info({ runId }, 'the test has looked at it');
  addTokens(site);
  await addKeys(site);
  // It is what everything was kept with.
  canaries.prove((await stage.data.stores.ledger.head()).size > 0, 'database');

  const places = {
    ...(await placesOf(site, { runId, operator: people.anna, auditor: people.ada })),
    ...texts({ errors: [...errors, await refused.text()], pages: [page] }),
  };
  expect(placesWith(NAME, places)).toEqual(Object.keys(places));
  expect(canaries.unused).toEqual([]);
  expect(canaries.all.size).toBeGreaterThan(50);
  expect(canaries.foundIn(places)).toEqual([]);
});
