import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig, type Config } from '../../src/config/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-emergency-'));
afterAll(() => rm(folder, { recursive: true }));

async function load(yaml: string): Promise<Config> {
  const file = join(folder, 'muster.yaml');
  await writeFile(file, yaml);
  return loadConfig({ file, environmentVariables: {} });
}

it('nothing is allowed in an emergency by default', async () => {
  expect((await load('')).emergency).toEqual({ spoken: [], breakGlass: [] });
});

it('runbooks are named by patterns', async () => {
  const { emergency } = await load("emergency: { spoken: ['erp-*', crm], breakGlass: ['*'] }");
  expect(emergency).toEqual({ spoken: ['erp-*', 'crm'], breakGlass: ['*'] });
});

it.each(['spoken: true', "spoken: ['ERP']", 'everything: [a]', "breakGlass: ['a/b']"])(
  'refuses %s',
  async (written) => {
    await expect(load(`emergency: { ${written} }`)).rejects.toMatchObject({ code: 'config.invalid' });
  },
);
