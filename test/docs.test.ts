import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionsPage, errorsPage } from '../tools/doc-pages.ts';
import { veeamPage } from '../tools/veeam-page.ts';

const pages = { 'actions.md': actionsPage, 'errors.md': errorsPage, 'veeam.md': veeamPage };

for (const [name, made] of Object.entries(pages)) {
  test(`docs/${name} says what the code says (npm run docs)`, async () => {
    expect(await readFile(join(import.meta.dirname, '..', 'docs', name), 'utf8')).toBe(await made());
  });
}
