import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';
import { runMuster } from '../cli/run-muster.ts';
import { parseVerifierKey, verifyBundle } from '../../src/ledger/index.ts';
import { createControl } from '../../src/control/index.ts';
import { createLogger } from '../../src/observe/logger.ts';
import { startKeeper } from '../../src/stack/keeper.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';
import { startPostgresServer } from '../../src/stack/postgres/postgres-server.ts';
import { startTemporalServer } from '../../src/stack/temporal-server.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { openStageOn, type Stage } from '../support/open-stage.ts';
import { decide, runbookOf, stageForTest } from '../support/stage.ts';
import { vaultServer } from '../support/vault-server.ts';

const SLOW = { timeout: 180_000 };
const AGENTS = ['pc-1', 'pc-2'];
const SCENARIO = {
  name: 'agents',
  vro: { plans: [] },
  vbr: { agentBackups: AGENTS.map((computer) => ({ name: `Agents - ${computer}`, computer })) },
};

const issuing = (after = ''): string =>
  runbookOf(`
steps:
${AGENTS.map(
  (name, index) => `
  - { id: find${index}, uses: vbr.findAgentBackup, with: { name: ${name} } }
  - id: issue${index}
    uses: vbr.issueRecoveryToken
    with: { backupIds: "\${{ steps.find${index}.output.backupIds }}", validFor: 1h, revealTo: dr-manager }`,
).join('')}
${after}
`);

/** Every text of every file below folders, a byte a character. */
async function bytesBelow(...folders: readonly string[]): Promise<string> {
  const found = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const files = found.flat().filter((file) => file.isFile());
  const texts = await Promise.all(
    files.map((file) => readFile(join(file.parentPath, file.name), 'latin1').catch(() => '')),
  );
  return texts.join('\n').toLowerCase();
}

function formsOf(token: string): string[] {
  const bytes = Buffer.from(token);
  return [token, bytes.toString('base64'), bytes.toString('hex'), encodeURIComponent(token)].map((form) =>
    form.toLowerCase(),
  );
}

test(
  'a token is in no file of the database, of Temporal or of muster, also after it was shown',
  SLOW,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-sealed-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startPostgresServer({
      folder: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
    });
    onTestFinished(() => postgres.stop());
    const temporal = await startTemporalServer({
      cliPath: inject('temporalCliPath'),
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
      namespace: 'default',
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, 'Keyword' as const])),
    });
    onTestFinished(() => temporal.stop());
    const stage: Stage = await openStageOn(
      { address: temporal.address, bundlePath: inject('workflowBundlePath'), databaseUrl: postgres.url },
      { scenario: SCENARIO },
    );
    onTestFinished(() => stage.close());

    const runId = await stage.start(issuing());
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
    await stage.muster.result(runId);
    const [first, second] = stage.simulator.world.recoveryTokens.list();
    const tokens = [first?.recoveryToken ?? '', second?.recoveryToken ?? ''];
    const id = first?.id ?? '';

    const boris = stage.muster.as('boris');
    const shown = await runMuster(['secret', 'reveal', id], {
      muster: { ...boris, close: async () => undefined },
    });
    expect([shown.stdout, shown.stderr.includes('1 of 3')]).toEqual([`${tokens[0]}\n`, true]);
    await expect(stage.muster.as('anna').secrets.reveal({ id })).rejects.toMatchObject({
      code: 'identity.notAllowed',
      message: expect.stringContaining('it is for the role dr-manager') as string,
    });

    const bundle = await stage.muster.as('anna').evidence(runId);
    const { key, origin } = await stage.muster.ledger();
    expect(verifyBundle(bundle, { origin, ledgerKeys: [parseVerifierKey(key)] })).toMatchObject({ ok: true });
    const bundled = Buffer.from(bundle).toString('utf8');
    expect(bundled).toMatch(/secret\.revealed[^]*secret\.refused/);

    // All on the disk, as it lies there when the servers have written everything down.
    const written = [bundled.toLowerCase(), await bytesBelow(folder, stage.folder)];
    expect(written.map((text) => text.includes(id))).toEqual([true, true]);
    expect(tokens.flatMap(formsOf).filter((form) => written.some((text) => text.includes(form)))).toEqual([]);
  },
);

test('the cleanup of a drill revokes a token, and what was kept of it is purged', SLOW, async () => {
  const stage = await stageForTest({ scenario: SCENARIO });
  const runId = await stage.start(
    issuing(`cleanup:
  - { id: revoke, uses: vbr.revokeRecoveryToken, with: { id: "\${{ steps.issue0.output.id }}" } }`),
  );
  await stage.ended(runId);
  const list = await stage.muster.as('anna').secrets.list({ runId });
  const left = stage.simulator.world.recoveryTokens.list().map(({ id }) => id);
  expect(list.filter(({ purgedAt }) => purgedAt === undefined).map(({ id }) => id)).toEqual(left);
  const [gone] = list.filter(({ purgedAt }) => purgedAt !== undefined);
  await expect(stage.muster.as('boris').secrets.reveal({ id: gone?.id ?? '' })).rejects.toMatchObject({
    code: 'secret.gone',
  });
});

test(
  'one that was revoked in the console of VBR is purged by the step that would revoke it',
  SLOW,
  async () => {
    const stage = await stageForTest({ scenario: SCENARIO });
    const runId = await stage.start(
      issuing(`  - { id: wait, check: 1 > 2 }
  - { id: revoke, uses: vbr.revokeRecoveryToken, with: { id: "\${{ steps.issue0.output.id }}" } }`),
    );
    await stage.gate(runId, 'wait');
    const [token] = stage.simulator.world.recoveryTokens.list();
    stage.simulator.world.recoveryTokens.remove(token?.id ?? '');
    await decide(stage, runId, 'wait', 'skip');
    await stage.ended(runId);
    const [kept] = (await stage.muster.as('anna').secrets.list({ runId })).filter(
      ({ id }) => id === token?.id,
    );
    expect(kept).toMatchObject({ purgedAt: expect.any(Number) as number });
  },
);

test('the keeper purges what has expired', SLOW, async () => {
  const stage = await stageForTest({ scenario: SCENARIO, worker: false });
  const { stores, sealing } = stage.data;
  await stores.secrets.keep({
    ...{ run: 'execution-1', runId: 'run-1', runbook: 'agent-tokens', path: 'issue', kind: 'recoveryToken' },
    ...{ id: 'token-1', connection: 'dr-backup', name: 'Token 1', machines: [], revealTo: 'operator' },
    value: canarySecret(),
    expires: new Date(Date.now() - 1_000).toISOString(),
  });
  const control = createControl({ client: stage.client, taskQueue: stage.taskQueue });
  const logger = createLogger({ level: 'silent' });
  const keeper = startKeeper({ control, stores, sealing, logger });
  onTestFinished(() => keeper.stop());
  await vi.waitUntil(async () => (await stores.secrets.find('token-1'))?.purgedAt !== undefined, {
    timeout: 20_000,
  });
  const purged = (await stores.ledger.page(0, 100)).filter(({ text }) => text.includes('secret.purged'));
  expect(purged).toHaveLength(1);
});

test('with a Vault no token is issued before it can be kept, and then it is kept there', SLOW, async () => {
  const vault = await vaultServer();
  const shipped = await readFile(join(PROJECT_ROOT, 'muster.yaml'), 'utf8');
  const stage = await stageForTest({
    scenario: SCENARIO,
    config: `${shipped}\nsecrets: { vault: { url: '${vault.url}', path: dr, token: { file: vault.token } } }\n`,
  });
  const runId = await stage.start(issuing());
  const { failure } = await stage.gate(runId, 'issue0');
  expect([failure, stage.simulator.world.recoveryTokens.list()]).toMatchObject([
    { code: 'secret.unavailable', details: { code: 'secret.unreadable' } },
    [],
  ]);
  await writeFile(join(stage.folder, 'vault.token'), vault.token);
  await decide(stage, runId, 'issue0', 'retry');
  expect((await stage.ended(runId)).outcome).toBe('succeeded');
  const issued = stage.simulator.world.recoveryTokens.list().map(({ recoveryToken }) => recoveryToken);
  expect([...vault.kept.values()].map(({ value }) => value)).toEqual(issued);
  const [listed] = await stage.muster.as('anna').secrets.list({ runId });
  expect(listed?.elsewhere).toBe(`secret/dr/dr-backup.${listed?.id ?? ''}`);
});
