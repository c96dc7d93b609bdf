import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resolveSecret } from '../../src/config/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-secret-'));
afterAll(() => rm(folder, { recursive: true }));

it('takes one line break from the end of a file, and nothing else', async () => {
  await writeFile(join(folder, 'password'), ' pass word \n\n');
  expect(await resolveSecret({ file: join(folder, 'password') }, {})).toBe(' pass word \n');
});

it('names the environment variable that is missing', async () => {
  await expect(resolveSecret({ env: 'NOT_SET' }, {})).rejects.toMatchObject({
    code: 'config.secretUnavailable',
    message: expect.stringContaining('NOT_SET') as string,
  });
});

it('takes an inherited property for no variable', async () => {
  await expect(resolveSecret({ env: 'constructor' }, {})).rejects.toMatchObject({
    code: 'config.secretUnavailable',
  });
});

it.each(['.', 'none', '/dev/zero'])('refuses %s as a secret file', async (path) => {
  await expect(
    resolveSecret({ file: join(path.startsWith('/') ? '' : folder, path) }, {}),
  ).rejects.toMatchObject({
    code: 'config.secretUnavailable',
  });
});
