import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openFileSecrets } from '../../src/store/file-secrets.ts';
import type { KeptSecret, SecretSink } from '../../src/store/index.ts';

const root = await mkdtemp(join(tmpdir(), 'muster-sink-'));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

async function newSink(): Promise<{ secrets: SecretSink; folder: string; kept: () => Promise<string[]> }> {
  const folder = join(root, `${(folders += 1)}`);
  const secrets = await openFileSecrets({ folder });
  return {
    secrets,
    folder,
    kept: async () => (await readdir(folder)).filter((name) => name.endsWith('.json')),
  };
}

const token: KeptSecret = {
  run: 'run',
  path: 'tokens/issue',
  kind: 'recoveryToken',
  id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001',
  value: 'the-token',
  expires: '2026-03-02T00:00:00Z',
};

it('keeps a secret and tells its fingerprint only', async () => {
  const { secrets, folder, kept } = await newSink();
  const fingerprint = createHash('sha256').update('the-token').digest('hex').slice(0, 16);
  expect(await secrets.keep(token)).toEqual({ fingerprint });
  const [file = ''] = await kept();
  expect(JSON.parse(await readFile(join(folder, file), 'utf8'))).toEqual(token);
});

it('closes file and folder to everybody else, also a folder that was open', async () => {
  const folder = join(root, 'was-open');
  await mkdir(folder);
  await chmod(folder, 0o755);
  const secrets = await openFileSecrets({ folder });
  await secrets.keep(token);
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const modes = [folder, join(folder, file)].map(async (path) => (await stat(path)).mode & 0o777);
  expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
});

it('replaces a secret with the same id', async () => {
  const { secrets, folder, kept } = await newSink();
  await secrets.keep(token);
  await secrets.keep({ ...token, value: 'newer' });
  const [file = '', ...others] = await kept();
  expect(await readFile(join(folder, file), 'utf8')).toContain('newer');
  expect(others).toEqual([]);
});

it('forgets a secret, as often as it is told to', async () => {
  const { secrets, kept } = await newSink();
  await secrets.keep(token);
  await secrets.forget(token.id);
  await secrets.forget(token.id);
  expect(await kept()).toEqual([]);
});

it('keeps hostile ids inside its folder', async () => {
  const { secrets, kept } = await newSink();
  for (const id of ['../../up', '/etc/passwd', '', '\0']) await secrets.keep({ ...token, id });
  expect(await kept()).toHaveLength(4);
});

it('removes what killed processes left, once it is old', async () => {
  const { folder } = await newSink();
  const [old, fresh] = [join(folder, '.drafts', 'old'), join(folder, '.drafts', 'fresh')];
  await Promise.all([old, fresh].map((path) => writeFile(path, 'the-token')));
  await utimes(old, 0, 0);
  await openFileSecrets({ folder });
  expect(await readdir(join(folder, '.drafts'))).toEqual(['fresh']);
});
