import { describe, expect, test } from 'vitest';
import { VBR_READS } from '../../activities/vbr/reads.ts';
import { textOf } from '../../src/model/json.ts';
import { SecretError } from '../../src/store/index.ts';
import { stableId } from '../../src/simulator/ids.ts';
import { beforeSending, vbrSite, type VbrSite } from './vbr-support.ts';

const CALL = 'agents/recoveryTokens';
const HOUR_IN_MS = 3_600_000;

const { signal } = new AbortController();
const HERE = { connection: 'dr-backup', signal };

function backupOf(computer: string): string {
  return stableId(`backup/Agents - ${computer}`);
}
const ISSUE = { backupIds: [backupOf('pc-1')], validFor: '2h' };

function cut({ simulator }: VbrSite, when: 'before' | 'after', call = `POST /api/v1/${CALL}`): void {
  simulator.faults.add({ kind: 'drop', system: 'vbr', call, when });
}

/** Somebody issues a token for another computer in VBR's console. */
function issueInConsole({ simulator }: VbrSite, expirationDate: string): string {
  return simulator.world.recoveryTokens.issue({ backupIds: [backupOf('pc-2')], expirationDate }).id;
}

/** A token that runs for an hour more. */
async function issued(): Promise<{ site: VbrSite; id: string; before: string }> {
  const site = await vbrSite();
  const before = new Date(Date.now() + HOUR_IN_MS).toISOString();
  return { site, id: issueInConsole(site, before), before };
}

describe('the backup of a computer', () => {
  const find = ({ deps }: VbrSite, name: string) => VBR_READS['vbr.findAgentBackup'](deps, { name }, HERE);

  test('is found by its name, in any case', async () => {
    expect(await find(await vbrSite(), 'PC-2')).toEqual({
      backupIds: [backupOf('pc-2')],
      backups: [{ id: backupOf('pc-2'), name: 'Agents - pc-2', created: expect.any(String) as string }],
      more: 0,
    });
  });

  test('is not taken for that of a computer with a longer name', async () => {
    expect(await find(await vbrSite(), 'pc-1')).toMatchObject({ backupIds: [backupOf('pc-1')] });
  });

  test('is not found when there is none', async () => {
    await expect(find(await vbrSite(), 'pc-9')).rejects.toMatchObject({
      code: 'vbr.backupNotFound',
      message: expect.stringContaining('dr-backup has no agent backup of "pc-9"') as string,
    });
  });

  test('is not that of a virtual machine of its name', async () => {
    const vms = [{ name: 'pc-vm', backupJob: 'Backup of pc-vm' }];
    const site = await vbrSite({ scenario: { name: 'vm', vro: { plans: [] }, vbr: { vms } } });
    await expect(find(site, 'pc-vm')).rejects.toMatchObject({ code: 'vbr.backupNotFound' });
  });

  test('is listed with the others that hold it, the newest first', async () => {
    const agentBackups = ['old', 'new'].map((name) => ({ name: `${name} pc-1`, computer: 'pc-1' }));
    const site = await vbrSite({ scenario: { name: 'two', vro: { plans: [] }, vbr: { agentBackups } } });
    const { backups } = await find(site, 'pc-1');
    expect(backups.map(({ name }) => name)).toEqual(['old pc-1', 'new pc-1']);
    expect(Date.parse(backups[0]?.created ?? '')).toBeGreaterThan(Date.parse(backups[1]?.created ?? ''));
  });

  test('is not looked for in more backups than a name of a computer can fit', async () => {
    const agentBackups = Array.from({ length: 201 }, (_, index) => ({
      name: `Agents - pc-${String(index)}`,
      computer: `pc-${String(index)}`,
    }));
    const site = await vbrSite({ scenario: { name: 'many', vro: { plans: [] }, vbr: { agentBackups } } });
    await expect(find(site, 'pc')).rejects.toMatchObject({ code: 'veeam.ambiguousName' });
  });
});

describe('issuing a token', () => {
  const issue = (site: VbrSite) => site.perform('vbr.issueRecoveryToken', ISSUE);

  test('puts it into the sink, and tells the run what it may know', async () => {
    const site = await vbrSite();
    const earliest = Date.now() + 2 * HOUR_IN_MS;
    const command = await issue(site);
    const [token] = site.simulator.world.recoveryTokens.list();
    const { id = '', recoveryToken = '', name, expirationDate: expires = '' } = token ?? {};
    expect(command).toMatchObject({
      how: 'done',
      output: { id, name, fingerprint: `of ${id}`, expires },
    });
    expect(site.secrets.get(id)).toMatchObject({ kind: 'recoveryToken', value: recoveryToken, expires });
    expect(JSON.stringify(command)).not.toContain(recoveryToken);
    expect(Date.parse(expires)).toBeGreaterThanOrEqual(earliest);
  });

  test('knows the machine that it is for, where VBR tells', async () => {
    const told = await vbrSite();
    await issue(told);
    const silent = await vbrSite();
    const call = 'GET /api/v1/backups/{id}/objects';
    silent.simulator.faults.add({ kind: 'error', system: 'vbr', call, status: 403, times: 'always' });
    await issue(silent);
    const machines = [told, silent].map(({ secrets }) => [...secrets.values()].map((one) => one.machines));
    expect(machines).toEqual([[['pc-1']], [[]]]);
  });

  test('is not asked for where it could not be kept', async () => {
    const prepare = async (): Promise<never> => {
      throw new SecretError('secret.badKey', 'the test');
    };
    const site = await vbrSite({ secretsOver: (store) => ({ ...store, prepare }) });
    await expect(issue(site)).rejects.toMatchObject({ code: 'secret.badKey' });
    expect(site.simulator.world.recoveryTokens.list()).toEqual([]);
  });

  test('is seen by its expiry when the answer was lost', async () => {
    const site = await vbrSite();
    cut(site, 'after');
    // Somebody else's, which expires when ours would have by chance.
    issueInConsole(site, new Date(Date.now() + 2 * HOUR_IN_MS).toISOString());
    const { how, output } = await issue(site);
    const ours = site.simulator.world.recoveryTokens.list().at(-1);
    expect([how, output]).toMatchObject(['adopted', { id: ours?.id }]);
    expect([site.requests(CALL), site.kept]).toEqual([1, [ours?.id]]);
  });

  test('takes no other token for its own', async () => {
    const site = await vbrSite();
    const call = `POST /api/v1/${CALL}`;
    // The other one arrives, this one does not.
    site.simulator.faults.add({ kind: 'drop', system: 'vbr', call, after: 1 });
    const other = { ...ISSUE, backupIds: [backupOf('pc-10')] };
    const meanwhile = beforeSending(() =>
      site.perform('vbr.issueRecoveryToken', other, undefined, { path: 'other' }),
    );
    await expect(site.perform('vbr.issueRecoveryToken', ISSUE, meanwhile)).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { seen: 'no trace of it' },
    });
    expect(site.kept).toHaveLength(1);
  });

  test('of many at once with lost answers keeps each apart', async () => {
    const agentBackups = Array.from({ length: 12 }, (_, index) => ({
      name: `Agents - pc-${String(index)}`,
      computer: `pc-${String(index)}`,
    }));
    const site = await vbrSite({ scenario: { name: 'many', vro: { plans: [] }, vbr: { agentBackups } } });
    site.simulator.faults.add({
      kind: 'drop',
      system: 'vbr',
      call: `POST /api/v1/${CALL}`,
      when: 'after',
      times: 4,
    });
    const commands = await Promise.all(
      agentBackups.map(({ computer: path }) => {
        const given = { backupIds: [backupOf(path)], validFor: '2h' };
        return site.perform('vbr.issueRecoveryToken', given, undefined, { path });
      }),
    );
    const { recoveryTokens } = site.simulator.world;
    const got = commands.map(({ output }) => recoveryTokens.get(textOf(output?.['id']) ?? '').backupIds);
    expect(got).toEqual(agentBackups.map(({ computer }) => [backupOf(computer)]));
    expect([site.requests(CALL), recoveryTokens.list().length]).toEqual([12, 12]);
  });
});

describe('renewing a token', () => {
  const PUT = `PUT /api/v1/${CALL}/{id}`;
  const renew = (site: VbrSite, id: string) => site.perform('vbr.renewRecoveryToken', { id, validFor: '4h' });
  const puts = ({ simulator }: VbrSite): number =>
    simulator.faults.requests().find(({ call }) => call === PUT)?.requests ?? 0;

  test('moves its end and keeps its name', async () => {
    const { site, id } = await issued();
    const earliest = Date.now() + 4 * HOUR_IN_MS;
    const { how, output } = await renew(site, id);
    const { name, expirationDate: expires } = site.simulator.world.recoveryTokens.get(id);
    expect([how, output]).toEqual(['done', { id, name, expires }]);
    expect(Date.parse(expires)).toBeGreaterThanOrEqual(earliest);
  });

  test('is seen at its end when the answer was lost, and not sent again', async () => {
    const { site, id } = await issued();
    cut(site, 'after', PUT);
    expect(await renew(site, id)).toMatchObject({ how: 'adopted', output: { id } });
    expect(puts(site)).toBe(1);
  });

  test('that never arrived is a question for people', async () => {
    const { site, id, before } = await issued();
    cut(site, 'before', PUT);
    await expect(renew(site, id)).rejects.toMatchObject({
      code: 'effect.unclear',
      details: { seen: 'no trace of it' },
    });
    expect([puts(site), site.simulator.world.recoveryTokens.get(id).expirationDate]).toEqual([1, before]);
  });

  test('of a token that is gone is refused', async () => {
    const site = await vbrSite();
    await expect(renew(site, stableId('nothing'))).rejects.toMatchObject({ code: 'veeam.notFound' });
  });
});

describe('revoking a token', () => {
  const DELETE = `DELETE /api/v1/${CALL}/{id}`;
  const revoke = (site: VbrSite, id: string) => site.perform('vbr.revokeRecoveryToken', { id });

  test('takes it out of the sink as well', async () => {
    const site = await vbrSite();
    const { output } = await site.perform('vbr.issueRecoveryToken', ISSUE);
    const id = textOf(output?.['id']) ?? '';
    expect(await revoke(site, id)).toMatchObject({ how: 'done', output: { id, revoked: true } });
    expect([site.simulator.world.recoveryTokens.list(), site.secrets.size]).toEqual([[], 0]);
  });

  test('needs nothing when it is gone', async () => {
    const site = await vbrSite();
    const id = stableId('nothing');
    expect(await revoke(site, id)).toMatchObject({ how: 'satisfied', output: { id, revoked: false } });
  });

  test('is seen when the answer was lost', async () => {
    const { site, id } = await issued();
    cut(site, 'after', DELETE);
    expect(await revoke(site, id)).toMatchObject({ how: 'adopted', output: { id, revoked: true } });
  });

  test('that never arrived is a question for people', async () => {
    const { site, id } = await issued();
    cut(site, 'before', DELETE);
    await expect(revoke(site, id)).rejects.toMatchObject({ code: 'effect.unclear' });
  });
});

test('the tokens are listed over several pages, without what they say', async () => {
  const site = await vbrSite();
  for (let count = 0; count < 230; count += 1) issueInConsole(site, '2027-01-01T00:00:00Z');
  const list = VBR_READS['vbr.listRecoveryTokens'];
  const { tokens, total } = await list(site.deps, {}, HERE);
  expect([tokens.length, total]).toEqual([50, 230]);
  expect(Object.keys(tokens[0] ?? {})).toEqual(['id', 'name', 'expires']);
  expect(await list(site.deps, { name: 'Recovery token 22*' }, HERE)).toMatchObject({ total: 11 });
});
