import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpMuster } from '../../src/client/over-http.ts';
import { appForTest, RUN } from './app.ts';

/** The operations over a real connection, for whoever is asked for. */
async function overHttp() {
  const server = await appForTest();
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.app.close());
  const as = async (person: string) => createHttpMuster({ url, credential: await server.login(person) });
  return { as };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('over HTTP', () => {
  test('a note is written, listed, and gives back its file', async () => {
    const { as } = await overHttp();
    const operator = await as('operator');
    const attachment = { name: 'a.txt', bytes: Buffer.from('what the console showed') };
    const { id } = await operator.notes.add({ runId: RUN, text: 'seen\ntwice', attachment });
    expect(await (await as('viewer')).notes.list(RUN)).toMatchObject([{ id, text: 'seen\ntwice' }]);
    expect(text(await operator.notes.file({ runId: RUN, id }))).toBe('what the console showed');
  });

  test('a finding goes its whole way', async () => {
    const { as } = await overHttp();
    const [operator, manager] = [await as('operator'), await as('dr-manager')];
    const { findings } = operator;
    const { id } = await findings.raise({ text: 'It was slow.', severity: 'low', runId: RUN, path: 'a/b' });
    await findings.assign({ id, owner: 'operator', dueAt: Date.now() - 1, severity: 'high' });
    expect(await findings.list({ runId: RUN, state: 'overdue' })).toMatchObject([{ id, severity: 'high' }]);
    await findings.repair({ id, text: 'faster' });
    const evidence = ['ab'.repeat(32)];
    await expect(findings.close({ id, evidence })).rejects.toMatchObject({ code: 'finding.refused' });
    await manager.findings.close({ id, evidence, comment: 'looked at' });
    expect(await findings.find(id)).toMatchObject({ state: 'closed', closedBy: 'dr-manager' });
    expect((await findings.reopen({ id, reason: 'again' })).state).toBe('overdue');
    await expect(findings.find('no/such:one')).rejects.toMatchObject({ code: 'finding.notFound' });
  });

  test('a period is reported on, and the report reviewed', async () => {
    const { as } = await overHttp();
    const auditor = await as('auditor');
    const period = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2026, 0, 1) };
    expect(text(await auditor.periodReport({ ...period, format: 'html' }))).toMatch(/^<!doctype html>/i);
    const review = await auditor.review({ of: period, decision: 'accepted', comment: 'Read.' });
    expect(review).toMatchObject({ person: 'auditor', roles: ['auditor'], ...period });
    const again = text(await auditor.periodReport({ ...period, format: 'json' }));
    expect(JSON.parse(again)).toMatchObject({ reviews: [{ id: review.id }] });
  });

  test('a period that has not begun is refused', async () => {
    const { as } = await overHttp();
    const from = Date.now() + 1_000_000;
    const asked = (await as('auditor')).periodReport({ from, to: from + 1, format: 'json' });
    await expect(asked).rejects.toMatchObject({ code: 'report.refused' });
  });

  test('a run that goes on is not reviewed', async () => {
    const { as } = await overHttp();
    const asked = (await as('auditor')).review({
      of: { runId: RUN },
      decision: 'accepted',
      comment: 'Read.',
    });
    await expect(asked).rejects.toMatchObject({ code: 'evidence.runOpen' });
  });
});
