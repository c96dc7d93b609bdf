import { expect, it } from 'vitest';
import { configLoader } from './load.ts';

const { load } = await configLoader();

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
