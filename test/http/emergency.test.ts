import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMuster } from '../../src/client/in-process.ts';
import { createApp, type HttpParts } from '../../src/http/index.ts';
import { codeOfGate, openKeys } from '../../src/identity/index.ts';
import type { EmergencyWays } from '../../src/model/emergency.ts';
import { waitingStep } from '../cli/sample-run.ts';
import { RULES } from '../client/make-muster.ts';
import { appForTest, posted, RUN } from './app.ts';
import { evidencePartsOf } from '../support/evidence-parts.ts';

/** A server on which emergencies are allowed, with an approval that is open. */
async function emergencyApp(ways: Partial<EmergencyWays> = {}, changes: Partial<HttpParts> = {}) {
  const opened = await appForTest();
  const { control, stores, identity, parts } = opened;
  const keys = await openKeys({ folder: await mkdtemp(join(tmpdir(), 'muster-keys-')) });
  const app = await createApp({
    ...parts,
    musterFor: (actor) =>
      createMuster({
        control,
        stores,
        keys,
        evidence: evidencePartsOf(stores, keys),
        identity,
        actor: async () => actor,
        rulesFor: () => RULES,
        emergency: () => ({ spoken: true, breakGlass: true, ...ways }),
      }),
    ...changes,
  });
  onTestFinished(async () => app.close());
  const { gate } = waitingStep();
  const kept = {
    nonce: gate?.nonce ?? '',
    run: 'first-1',
    runId: RUN,
    path: 'go',
    kind: 'approval',
    title: 'Go?',
    digest: gate?.digest ?? '',
    asked: { spokenSalt: 'salt', runbook: 'dr-drill', offers: [], policy: {} },
    openedAt: 0,
  } as const;
  await stores.gates.open(kept);
  const page = async (person: string): Promise<string> => {
    const cookie = `muster_session=${await opened.login(person)}`;
    const answer = await app.inject({
      url: `/runs/${RUN}/gates/go`,
      headers: { cookie, accept: 'text/html' },
    });
    return answer.payload;
  };
  const post = async (person: string, path: string, payload: object) => {
    const authorization = `Bearer ${await opened.login(person)}`;
    return app.inject({
      method: 'POST',
      url: `/api/v1/runs/${RUN}/${path}`,
      headers: { authorization },
      payload,
    });
  };
  const form = async (person: string, path: string, fields: Record<string, string>) => {
    const cookie = `muster_session=${await opened.login(person)}`;
    return app.inject({ method: 'POST', url: `/runs/${RUN}/${path}`, ...posted(fields, { cookie }) });
  };
  return { page, post, form, control, code: codeOfGate(kept) ?? '' };
}

const SAID = { gate: 'go', approver: 'dr-manager', decision: 'approve' };

describe('the card', () => {
  test('shows the code to whoever may answer, and the form to them too', async () => {
    const { page, code } = await emergencyApp();
    const shown = await page('dr-manager');
    expect([shown.includes(code), shown.includes('The code that they read')]).toEqual([true, true]);
  });

  test('shows an operator the forms, and no code', async () => {
    const { page, code } = await emergencyApp();
    const shown = await page('operator');
    expect([shown.includes(code), shown.includes('The code that they read')]).toEqual([false, true]);
    expect(shown).toContain('Nobody else can be asked: approve alone');
  });

  test.each(['viewer', 'auditor', 'admin'])('shows the %s neither', async (person) => {
    const { page, code } = await emergencyApp();
    const shown = await page(person);
    expect([code, 'The code that they read', 'approve alone'].filter((text) => shown.includes(text))).toEqual(
      [],
    );
  });

  test('has no forms where the configuration does not allow them', async () => {
    const { page } = await emergencyApp({ spoken: false, breakGlass: false });
    expect(await page('operator')).not.toContain('<details>');
  });
});

describe('a spoken vote', () => {
  test('over HTTP waits for another witness', async () => {
    const { post, code, control } = await emergencyApp();
    const answer = await post('operator', 'spoken-votes', { ...SAID, code });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { state: 'waitsForWitness', until: expect.any(Number) as number },
    ]);
    expect(control.votes).toEqual([]);
  });

  test('with a wrong code is refused', async () => {
    const { post } = await emergencyApp();
    const answer = await post('operator', 'spoken-votes', { ...SAID, code: 'AAAA-AAAA' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'vote.refused']);
  });

  test('from the form is kept, and says what is missing', async () => {
    const { form, code } = await emergencyApp();
    const fields = { approver: 'dr-manager', code, comment: '', decision: 'approve' };
    const answer = await form('operator', 'spoken/go', fields);
    expect([answer.statusCode, answer.payload.includes('it does not count yet')]).toEqual([200, true]);
  });
});

describe('a break-glass approval', () => {
  test('from the form is sent, and leads to the run', async () => {
    const { form, control } = await emergencyApp();
    const answer = await form('operator', 'break-glass/go', { reason: 'nobody answers' });
    expect([answer.statusCode, answer.headers.location, control.votes.length]).toEqual([
      303,
      `/runs/${RUN}`,
      1,
    ]);
  });

  test('is not for whoever proves their votes at the identity provider', async () => {
    const { post, control } = await emergencyApp({}, { needsProof: () => true });
    const answer = await post('operator', 'break-glass', { gate: 'go', reason: 'nobody answers' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'vote.needsPage']);
    expect(control.votes).toEqual([]);
  });
});
