import { expect, it } from 'vitest';
import { newCredential, readCredential } from '../../src/identity/credentials.ts';

it('A credential is read back as what is kept of it', () => {
  const { text, ...kept } = newCredential('token');
  expect(readCredential(text)).toEqual(kept);
  expect(text).toMatch(/^mst_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}$/);
});

it('Its secret is not in what is kept', () => {
  const { text, ...kept } = newCredential('session');
  const secret = text.split('_').slice(2).join('_');
  expect(JSON.stringify(kept)).not.toContain(secret);
});

it.each([
  '',
  'mst_',
  'mst_aaaaaaaaaaaa_short',
  `mxx_${'a'.repeat(12)}_${'b'.repeat(43)}`,
  'x'.repeat(100_000),
])('What has another form is none (%#)', (text) => {
  expect(readCredential(text)).toBeUndefined();
});
