import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MusterError, type SecretRecord } from '../../src/client/index.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { START } from './sample-run.ts';

const VALUE = 'THE-TOKEN-2F9C';

function recordOf(id: string, more: Partial<SecretRecord> = {}): SecretRecord {
  return {
    id,
    run: 'execution-1',
    runId: 'run-1',
    runbook: 'agent-tokens',
    path: 'issue',
    kind: 'recoveryToken',
    connection: 'dr-backup',
    server: 'vbr.dr.example:9419',
    name: `Token ${id}`,
    machines: [`srv-${id}`],
    revealTo: 'site-berlin',
    fingerprint: '0123456789abcdef',
    keptAt: START,
    expiresAt: START + 365 * 24 * 3_600_000 * 100,
    reveals: 0,
    mayReveal: 3,
    ...more,
  };
}

const SECRETS = [
  recordOf('a'),
  recordOf('b', { revealTo: 'site-rome' }),
  recordOf('c', { revokedAt: START }),
  recordOf('d', { expiresAt: START }),
];

function withSecrets(records: readonly SecretRecord[] = SECRETS) {
  const revealed: string[] = [];
  const muster = fakeMuster({
    secrets: {
      list: async () => records,
      reveal: async ({ id }) => {
        const record = records.find((one) => one.id === id);
        if (record === undefined) throw new MusterError('secret.notFound');
        if (record.reveals >= record.mayReveal) throw new MusterError('secret.usedUp');
        revealed.push(id);
        return { value: `${VALUE}-${id}`, time: 1, record };
      },
      rewrap: async () => ({ keyId: '00ff', rewrapped: 2, left: ['x'] }),
    },
  });
  return { muster, revealed };
}

async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-sheet-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('muster secret reveal', () => {
  test('prints the token alone, and says beside it how often that makes', async () => {
    const { stdout, stderr } = await runMuster(['secret', 'reveal', 'a'], withSecrets());
    expect([stdout, stderr]).toEqual([`${VALUE}-a\n`, 'Revealed 1 of 3 times; the ledger says by whom.\n']);
  });

  test('fails for what it does not have', async () => {
    const { code, stdout, stderr } = await runMuster(['secret', 'reveal', 'z'], withSecrets());
    expect([code, stdout, stderr.includes('secret.notFound')]).toEqual([2, '', true]);
  });
});

test('muster secret list says for whom each is, and how it stands', async () => {
  const { stdout } = await runMuster(['secret', 'list'], withSecrets());
  expect(stdout).toMatch(/a +srv-a +site-berlin +good until .*0 of 3[^]*c +srv-c +site-berlin +revoked/);
});

test('muster secret rewrap fails while a secret is under a key that is not here', async () => {
  const { code, stdout } = await runMuster(['secret', 'rewrap'], withSecrets());
  expect([code, stdout]).toEqual([1, expect.stringContaining('No key here opens 1 of them: x.')]);
});

describe('the hand-over sheet', () => {
  test('of a site has what is valid there, and no token', async () => {
    const { muster, revealed } = withSecrets();
    const { stdout } = await runMuster(['secret', 'sheet', '--site', 'berlin'], { muster });
    expect(stdout).toMatch(
      /For site-berlin[^]*srv-a[^]*vbr\.dr\.example:9419 \(dr-backup\)[^]*0123456789abcdef/,
    );
    expect([/srv-[bcd]/.test(stdout), stdout.includes(VALUE), revealed]).toEqual([false, false, []]);
  });

  test('with tokens is a file for its owner only', async () => {
    const cwd = await folderForTest();
    const { muster, revealed } = withSecrets();
    await runMuster(['secret', 'sheet', '--run', 'run-1', '--reveal', '-o', 'sheet.html'], { muster, cwd });
    const file = join(cwd, 'sheet.html');
    expect([(await stat(file)).mode & 0o777, revealed]).toEqual([0o600, ['a', 'b']]);
    expect(await readFile(file, 'utf8')).toMatch(new RegExp(`${VALUE}-a[^]*${VALUE}-b`));
  });

  test('with tokens reveals none when the file is there already', async () => {
    const cwd = await folderForTest();
    await writeFile(join(cwd, 'sheet.txt'), 'other');
    const { muster, revealed } = withSecrets();
    const args = ['secret', 'sheet', '--run', 'run-1', '--reveal', '-o', 'sheet.txt'];
    const { code } = await runMuster(args, { muster, cwd });
    expect([code, revealed, await readFile(join(cwd, 'sheet.txt'), 'utf8')]).toEqual([2, [], 'other']);
  });

  test('says of a token why it is not there, and has the others', async () => {
    const { muster } = withSecrets([recordOf('a', { reveals: 3 }), recordOf('b')]);
    const { stdout } = await runMuster(['secret', 'sheet', '--site', 'dr-backup', '--reveal'], { muster });
    expect(stdout).toMatch(new RegExp(`not revealed: The secret was revealed as often[^]*${VALUE}-b`));
  });

  test('is made as PDF', async () => {
    const cwd = await folderForTest();
    await runMuster(['secret', 'sheet', '--site', 'site-rome', '-o', 'rome.pdf'], { ...withSecrets(), cwd });
    expect((await readFile(join(cwd, 'rome.pdf'))).subarray(0, 5).toString('utf8')).toBe('%PDF-');
  });

  test.each([
    [['--site', 'berlin', '--run', 'run-1']],
    [[]],
    [['--site', 'berlin', '-o', 'sheet.doc']],
    [['--site', 'nowhere']],
  ])('is refused with %j', async (args) => {
    const cwd = await folderForTest();
    const { code } = await runMuster(['secret', 'sheet', ...args], { ...withSecrets(), cwd });
    expect([code, await readdir(cwd)]).toEqual([2, []]);
  });

  test('shows hostile names of a server as what they are', async () => {
    const { muster } = withSecrets([recordOf('a', { machines: ['\u001b[31m<b>x'] })]);
    const cwd = await folderForTest();
    const { stdout } = await runMuster(['secret', 'sheet', '--site', 'berlin'], { muster });
    await runMuster(['secret', 'sheet', '--site', 'berlin', '-o', 'a.html'], { muster, cwd });
    expect(stdout).not.toContain('\u001b[31m');
    expect(await readFile(join(cwd, 'a.html'), 'utf8')).not.toContain('<b>x');
  });
});
