import { describe, expect, test } from 'vitest';
import { createVaultClient, vaultSecrets, type VaultPlace } from '../../activities/index.ts';
import { textOf } from '../../src/model/json.ts';
import { stableId } from '../../src/simulator/ids.ts';
import type { SecretError } from '../../src/store/index.ts';
import { vaultServer, type VaultServer } from '../support/vault-server.ts';
import { vbrSite, type VbrSite } from './vbr-support.ts';

const CALL = 'agents/recoveryTokens';
const ISSUE = {
  backupIds: [stableId('backup/Agents - pc-1')],
  validFor: '2h',
  revealTo: 'site-berlin',
};

function clientOf(vault: VaultServer, more: Partial<VaultPlace> = {}) {
  const token = async (): Promise<string> => vault.token;
  return createVaultClient({ url: vault.url, mount: 'secret', path: 'dr/tokens', token, ...more });
}

async function siteWith(vault: VaultServer): Promise<VbrSite> {
  return vbrSite({ secretsOver: (store) => vaultSecrets(clientOf(vault, { limitMs: 300 }), store) });
}

const failureOf = (work: Promise<unknown>): Promise<SecretError> =>
  work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error as SecretError,
  );

describe('a Vault', () => {
  test('keeps one version, however often it is told', async () => {
    const vault = await vaultServer();
    const client = clientOf(vault);
    await client.create('dr-backup.1', { value: 'one' });
    await client.create('dr-backup.1', { value: 'one' });
    expect([vault.versions('dr/tokens/dr-backup.1'), vault.kept.get('dr/tokens/dr-backup.1')]).toEqual([
      1,
      { value: 'one' },
    ]);
  });

  test('keeps what was written when its answer was lost', async () => {
    const vault = await vaultServer();
    vault.misbehave({ lose: true, times: 1 });
    await clientOf(vault).create('dr-backup.1', { value: 'one' });
    expect(vault.versions('dr/tokens/dr-backup.1')).toBe(1);
  });

  test('forgets all versions, and what it does not have', async () => {
    const vault = await vaultServer();
    const client = clientOf(vault);
    await client.create('dr-backup.1', { value: 'one' });
    await client.remove('dr-backup.1');
    await client.remove('dr-backup.1');
    expect(vault.kept.size).toBe(0);
  });

  test('is asked in its namespace', async () => {
    const vault = await vaultServer({ namespace: 'team/dr' });
    const client = clientOf(vault, { namespace: 'team/dr' });
    await client.check();
    await client.create('a', { value: 'one' });
    expect(vault.kept.size).toBe(1);
  });

  test.each([
    ['refuses the token', { answer: 403 }, 'vault.forbidden', 1],
    ['does not know the mount', { answer: 404 }, 'vault.refused', 1],
    ['sends elsewhere', { answer: 307 }, 'vault.refused', 1],
    ['does not take it', { answer: 400 }, 'vault.refused', 1],
    ['is sealed', { answer: 503, text: '{"errors":["Vault is sealed"]}' }, 'vault.sealed', 3],
    ['fails', { answer: 500 }, 'vault.unreachable', 3],
    ['does not answer', { hang: true }, 'vault.unreachable', 3],
    ['breaks off', { lose: true }, 'vault.unreachable', 2],
  ] as const)('that %s is told with a code, and never quoted', async (_what, how, code, tries) => {
    const vault = await vaultServer();
    vault.misbehave(how);
    const failure = await failureOf(clientOf(vault, { limitMs: 150 }).create('a', { value: 'THE-TOKEN' }));
    expect([failure.code, vault.asked.length >= tries]).toEqual([code, true]);
    expect(`${failure.message} ${String(failure.cause)}`).not.toMatch(/THE-TOKEN|hvs\./);
  });

  test('that is nowhere cannot be reached', async () => {
    const client = createVaultClient({
      url: 'http://127.0.0.1:1',
      mount: 'secret',
      path: 'a',
      token: async () => 'x',
    });
    expect((await failureOf(client.check())).code).toBe('vault.unreachable');
  });

  test('that passes after a moment is tried again', async () => {
    const vault = await vaultServer();
    vault.misbehave({ answer: 503, times: 2 });
    await clientOf(vault).create('a', { value: 'one' });
    expect(vault.kept.size).toBe(1);
  });
});

describe('a token that is issued with a Vault', () => {
  const issue = (site: VbrSite, attempt = 1) =>
    site.perform('vbr.issueRecoveryToken', ISSUE, undefined, { attempt });
  const tokensIn = ({ simulator }: VbrSite) => simulator.world.recoveryTokens.list();

  test('is there, with what people need, and not in the store', async () => {
    const vault = await vaultServer();
    const site = await siteWith(vault);
    const { output } = await issue(site);
    const [token] = tokensIn(site);
    const id = textOf(output?.['id']) ?? '';
    expect(vault.kept.get(`dr/tokens/dr-backup.${id}`)).toMatchObject({
      value: token?.recoveryToken,
      machines: ['pc-1'],
      revealTo: 'site-berlin',
    });
    expect(await site.deps.stores.secrets.reveal({ id, actor: 'berta' })).toEqual({ refused: 'elsewhere' });
  });

  test('is not issued while Vault is away', async () => {
    const vault = await vaultServer();
    vault.misbehave({ answer: 503 });
    const site = await siteWith(vault);
    await expect(issue(site)).rejects.toMatchObject({ code: 'vault.sealed' });
    expect([tokensIn(site), site.requests(CALL)]).toEqual([[], 0]);
  });

  test('and could not be kept is looked for until it can', async () => {
    const vault = await vaultServer();
    const site = await siteWith(vault);
    // Right after the look at its health: three tries of one call.
    const { recoveryTokens } = site.client;
    const create = recoveryTokens.create.bind(recoveryTokens);
    recoveryTokens.create = async (...asked) => {
      const token = await create(...asked);
      vault.misbehave({ answer: 503, times: 3 });
      return token;
    };
    expect(await issue(site)).toMatchObject({ how: 'adopted' });
    expect([tokensIn(site).length, vault.kept.size]).toEqual([1, 1]);
  });

  test('and cannot be kept is a question, and kept by the next attempt without another token', async () => {
    const vault = await vaultServer();
    const site = await siteWith(vault);
    const { recoveryTokens } = site.client;
    const create = recoveryTokens.create.bind(recoveryTokens);
    recoveryTokens.create = async (...asked) => {
      const token = await create(...asked);
      vault.misbehave({ answer: 403 });
      return token;
    };
    const asked = await failureOf(issue(site));
    expect([asked.code, asked.message]).toEqual(['effect.unclear', expect.stringContaining('Vault refuses')]);
    expect((await failureOf(issue(site, 2))).code).toBe('vault.forbidden');
    vault.behave();
    expect(await issue(site, 3)).toMatchObject({
      how: 'satisfied',
      note: 'an earlier attempt has issued it',
    });
    const value = tokensIn(site)[0]?.recoveryToken;
    expect([tokensIn(site).length, [...vault.kept.values()].map((kept) => kept['value'])]).toEqual([
      1,
      [value],
    ]);
  });

  test('is removed there when it is revoked', async () => {
    const vault = await vaultServer();
    const site = await siteWith(vault);
    const { output } = await issue(site);
    const id = textOf(output?.['id']) ?? '';
    await site.perform('vbr.revokeRecoveryToken', { id });
    expect(vault.kept.size).toBe(0);
    expect(await site.deps.stores.secrets.find(id)).toMatchObject({ purgedAt: expect.any(Number) as number });
  });

  test('is revoked also while Vault is away, and removed later', async () => {
    const vault = await vaultServer();
    const site = await siteWith(vault);
    const { output } = await issue(site);
    const id = textOf(output?.['id']) ?? '';
    vault.misbehave({ answer: 503 });
    expect(await site.perform('vbr.revokeRecoveryToken', { id })).toMatchObject({ how: 'done' });
    expect(vault.kept.size).toBe(1);
    vault.behave();
    expect([await site.deps.stores.secrets.purge(Date.now()), vault.kept.size]).toEqual([1, 0]);
  });
});
